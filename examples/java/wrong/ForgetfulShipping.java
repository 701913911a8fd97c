import java.util.Collection;
import org.apache.kafka.common.TopicPartition;

/** Gives partitions up without a commit. The next owner ships the same orders again. */
public class ForgetfulShipping extends Shipping {
  public static void main(String[] args) {
    new ForgetfulShipping().run();
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    done.keySet().removeAll(partitions);
    System.out.println("gave up " + partitions);
  }
}
