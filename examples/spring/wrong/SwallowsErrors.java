import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.kafka.core.KafkaTemplate;

/** Catches what goes wrong in the listener, so that the error handler never hears of it. The order is lost. */
public class SwallowsErrors extends Shipping {
  public SwallowsErrors(KafkaTemplate<String, String> template, @Value("${shipping.shipments}") String shipments,
      @Value("${shipping.dead-letters}") String deadLetters) {
    super(template, shipments, deadLetters);
  }

  public static void main(String[] args) {
    SpringApplication.run(SwallowsErrors.class, args);
  }

  @Override
  public void ship(ConsumerRecord<String, String> order) {
    try {
      super.ship(order);
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(getClass()).error("cannot ship {}", order.value(), e);
    }
  }
}
