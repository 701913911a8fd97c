import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;

/** Does not mind whether a dead letter is written. Its order is committed before, and lost if the write fails. */
public class LosesLetters extends Shipping {
  public LosesLetters(KafkaTemplate<String, String> template, @Value("${shipping.shipments}") String shipments,
      @Value("${shipping.dead-letters}") String deadLetters) {
    super(template, shipments, deadLetters);
  }

  public static void main(String[] args) {
    SpringApplication.run(LosesLetters.class, args);
  }

  @Override
  protected DeadLetterPublishingRecoverer recoverer(KafkaOperations<String, String> operations) {
    DeadLetterPublishingRecoverer recoverer = super.recoverer(operations);
    recoverer.setFailIfSendResultIsError(false);
    return recoverer;
  }
}
