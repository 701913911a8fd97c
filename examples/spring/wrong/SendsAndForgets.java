import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.kafka.core.KafkaTemplate;

/** Does not wait until a shipment is written. Its order is committed all the same. */
public class SendsAndForgets extends Shipping {
  public SendsAndForgets(KafkaTemplate<String, String> template, @Value("${shipping.shipments}") String shipments,
      @Value("${shipping.dead-letters}") String deadLetters) {
    super(template, shipments, deadLetters);
  }

  public static void main(String[] args) {
    SpringApplication.run(SendsAndForgets.class, args);
  }

  @Override
  protected void send(String key, String shipment) {
    template.send(shipments, key, shipment);
  }
}
