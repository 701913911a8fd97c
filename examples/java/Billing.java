import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes an invoice for each order, exactly once: invoices and the offsets of their orders are of one transaction. An
 * instance that is started again takes the place of the one that died, by its name, in the group and in transactions.
 */
public class Billing {
  protected final KafkaConsumer<String, String> consumer;
  protected final KafkaProducer<String, String> producer;
  private volatile boolean stopping;

  public Billing() {
    String instance = System.getenv("CLIENT_ID");
    Properties in = new Properties();
    in.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, System.getenv("BOOTSTRAP_SERVERS"));
    in.put(ConsumerConfig.CLIENT_ID_CONFIG, instance);
    in.put(ConsumerConfig.GROUP_ID_CONFIG, System.getenv("GROUP_ID"));
    in.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
    in.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    in.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    in.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumer = new KafkaConsumer<>(in, new StringDeserializer(), new StringDeserializer());

    Properties out = new Properties();
    out.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, System.getenv("BOOTSTRAP_SERVERS"));
    out.put(ProducerConfig.CLIENT_ID_CONFIG, instance);
    out.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, System.getenv("GROUP_ID") + "-" + instance);
    producer = new KafkaProducer<>(out, new StringSerializer(), new StringSerializer());
  }

  public static void main(String[] args) {
    new Billing().run();
  }

  public void run() {
    Thread main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      stopping = true;
      try {
        main.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }));
    try (consumer; producer) {
      producer.initTransactions(); // ends what an earlier instance of this name left open
      consumer.subscribe(List.of(System.getenv("ORDERS_TOPIC")));
      while (!stopping) {
        ConsumerRecords<String, String> orders = consumer.poll(Duration.ofMillis(100));
        if (!orders.isEmpty()) {
          bill(orders);
        }
      }
    }
  }

  private void bill(ConsumerRecords<String, String> orders) {
    producer.beginTransaction();
    for (ConsumerRecord<String, String> order : orders) {
      producer.send(new ProducerRecord<>(System.getenv("INVOICES_TOPIC"), order.key(), invoice(order.value())));
    }
    try {
      commitOffsets(orders.nextOffsets());
    } catch (CommitFailedException e) { // a rebalance took the partitions away
      producer.abortTransaction();
      rewind();
      return;
    }
    producer.commitTransaction(); // whatever else goes wrong ends the program: the next start does the orders again
    System.out.printf("%d orders billed%n", orders.count());
  }

  protected void commitOffsets(Map<TopicPartition, OffsetAndMetadata> offsets) {
    producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
  }

  private void rewind() {
    consumer.committed(consumer.assignment()).forEach((partition, offset) -> {
      if (offset == null) {
        consumer.seekToBeginning(List.of(partition));
      } else {
        consumer.seek(partition, offset);
      }
    });
  }

  private static String invoice(String order) {
    return "{\"order\": %s, \"text\": \"Thank you for order %s\"}".formatted(order, order);
  }
}
