import java.util.Set;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Adds up in a processor, before which Kafka Streams does not repartition. Each partition has a total of its own. */
public class WithoutRepartition extends Totals {
  public static void main(String[] args) {
    new WithoutRepartition().run();
  }

  @Override
  protected KStream<String, Total> totals(KStream<String, Order> orders) {
    return orders.selectKey((number, order) -> order.user()).processValues(new Adding());
  }

  private static class Adding implements FixedKeyProcessorSupplier<String, Order, Total> {
    @Override
    public Set<StoreBuilder<?>> stores() {
      return Set.of(Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("totals"), TEXT, TOTAL));
    }

    @Override
    public FixedKeyProcessor<String, Order, Total> get() {
      return new ContextualFixedKeyProcessor<>() {
        private KeyValueStore<String, Total> totals;

        @Override
        public void init(FixedKeyProcessorContext<String, Total> context) {
          super.init(context);
          totals = context.getStateStore("totals");
        }

        @Override
        public void process(FixedKeyRecord<String, Order> order) {
          Total before = totals.get(order.key());
          Total total = (before == null ? new Total(0, 0) : before).plus(order.value());
          totals.put(order.key(), total);
          context().forward(order.withValue(total));
        }
      };
    }
  }
}
