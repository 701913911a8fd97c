import java.util.function.Function;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.util.backoff.FixedBackOff;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ships orders: each one gives a shipment, or a dead letter where it cannot be read. Both are safe before the order is
 * committed. What it is told stands in application.yaml.
 */
@Configuration
@EnableAutoConfiguration
public class Shipping {
  private final JsonMapper json = new JsonMapper();
  protected final KafkaTemplate<String, String> template;
  protected final String shipments;
  private final String deadLetters;

  public Shipping(KafkaTemplate<String, String> template, @Value("${shipping.shipments}") String shipments,
      @Value("${shipping.dead-letters}") String deadLetters) {
    this.template = template;
    this.shipments = shipments;
    this.deadLetters = deadLetters;
  }

  public static void main(String[] args) {
    SpringApplication.run(Shipping.class, args);
  }

  /** Made at the start, where it is not there yet. */
  @Bean
  public NewTopic deadLetterTopic() {
    return TopicBuilder.name(deadLetters).partitions(3).config("retention.ms", "-1").build();
  }

  /** Tries an order three times, and sets it aside then. One that cannot be read is set aside at once. */
  @Bean
  public CommonErrorHandler errorHandler() {
    DefaultErrorHandler handler = new DefaultErrorHandler(recoverer(template), new FixedBackOff(200, 2));
    handler.addNotRetryableExceptions(JacksonException.class);
    return handler;
  }

  protected DeadLetterPublishingRecoverer recoverer(KafkaOperations<String, String> operations) {
    return new DeadLetterPublishingRecoverer(operations,
        (order, error) -> new TopicPartition(deadLetters, order.partition()));
  }

  @KafkaListener(topics = "${shipping.orders}")
  public void ship(ConsumerRecord<String, String> order) {
    JsonNode value = json.readTree(order.value());
    String shipment = json.writeValueAsString(json.createObjectNode()
        .put("id", value.required("id").asInt()).put("items", value.path("items").asInt(1)));
    send(order.key(), shipment);
  }

  protected void send(String key, String shipment) {
    template.send(shipments, key, shipment).join(); // only what is acknowledged may be committed
  }

  /** Ready, by actuator: each listener has its partitions. */
  @Bean
  public HealthIndicator listeners(KafkaListenerEndpointRegistry registry) {
    Function<MessageListenerContainer, Integer> partitions =
        container -> container.getAssignedPartitions() == null ? 0 : container.getAssignedPartitions().size();
    return () -> registry.getListenerContainers().stream().allMatch(container -> partitions.apply(container) > 0)
        ? Health.up().build() : Health.outOfService().build();
  }
}
