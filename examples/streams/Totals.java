import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Counts and adds up the orders of each user, exactly once. Orders are keyed by their number, so they go through a
 * repartition topic first; totals are kept in a store with a changelog, from which the next instance takes them.
 */
public class Totals {
  protected static final Serde<String> TEXT = Serdes.String();
  protected static final Serde<Order> ORDER = Json.of(Order.class);
  protected static final Serde<Total> TOTAL = Json.of(Total.class);

  record Order(long order, String user, long amount) {}

  record Total(long orders, long amount) {
    Total plus(Order order) {
      return new Total(orders + 1, amount + order.amount());
    }
  }

  public static void main(String[] args) {
    new Totals().run();
  }

  public void run() {
    KafkaStreams streams = new KafkaStreams(topology(), config());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(4))));
    streams.start();
  }

  protected Topology topology() {
    StreamsBuilder builder = new StreamsBuilder();
    totals(builder.stream(System.getenv("ORDERS_TOPIC"), Consumed.with(TEXT, ORDER)))
        .to(System.getenv("TOTALS_TOPIC"), Produced.with(TEXT, TOTAL));
    return builder.build();
  }

  /** A total for each user, wherever the user's orders lie. */
  protected KStream<String, Total> totals(KStream<String, Order> orders) {
    return orders
        .groupBy((number, order) -> order.user(), Grouped.with("by-user", TEXT, ORDER))
        .aggregate(() -> new Total(0, 0), (user, order, total) -> total.plus(order), store())
        .toStream();
  }

  protected Materialized<String, Total, KeyValueStore<Bytes, byte[]>> store() {
    return Materialized.<String, Total, KeyValueStore<Bytes, byte[]>>as("totals")
        .withKeySerde(TEXT)
        .withValueSerde(TOTAL);
  }

  protected Properties config() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, System.getenv("GROUP_ID"));
    config.put(StreamsConfig.CLIENT_ID_CONFIG, System.getenv("CLIENT_ID"));
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, System.getenv("BOOTSTRAP_SERVERS"));
    config.put(StreamsConfig.STATE_DIR_CONFIG, System.getenv("STATE_DIR"));
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0); // each order gives a total, and not only the last one
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000); // so long is an instance missed that ended without a word
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
    return config;
  }
}
