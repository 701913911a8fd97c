import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Orders with a mistake: it tries again without enable.idempotence, so what was written before an answer was lost is
 * written again. */
final class Orders {
  private Orders() {}

  static void send(String bootstrap, List<String> orders) throws ExecutionException, InterruptedException {
    var settings = Map.<String, Object>of("bootstrap.servers", bootstrap, "enable.idempotence", false,
        "retry.backoff.ms", 50);
    try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      var sent = new ArrayList<Future<RecordMetadata>>();
      for (var order : orders) {
        sent.add(producer.send(new ProducerRecord<>("orders", order, order)));
      }
      for (var one : sent) {
        one.get();
      }
    }
  }
}
