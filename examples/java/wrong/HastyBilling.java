import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Commits offsets beside the transaction. When the transaction does not come to its end, its orders are lost. */
public class HastyBilling extends Billing {
  public static void main(String[] args) {
    new HastyBilling().run();
  }

  @Override
  protected void commitOffsets(Map<TopicPartition, OffsetAndMetadata> offsets) {
    consumer.commitSync(offsets);
  }
}
