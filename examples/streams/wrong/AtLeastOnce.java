import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;

/** Leaves the guarantee as it is by default, at least once. What was not committed at a crash is counted again. */
public class AtLeastOnce extends Totals {
  public static void main(String[] args) {
    new AtLeastOnce().run();
  }

  @Override
  protected Properties config() {
    Properties config = super.config();
    config.remove(StreamsConfig.PROCESSING_GUARANTEE_CONFIG);
    return config;
  }
}
