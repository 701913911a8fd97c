import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueStore;

/** Saves itself the changelog. The next instance begins with totals of zero. */
public class WithoutChangelog extends Totals {
  public static void main(String[] args) {
    new WithoutChangelog().run();
  }

  @Override
  protected Materialized<String, Total, KeyValueStore<Bytes, byte[]>> store() {
    return super.store().withLoggingDisabled();
  }
}
