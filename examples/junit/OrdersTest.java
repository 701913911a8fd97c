import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaspecBroker.class)
class OrdersTest {
  private static final List<String> SENT = IntStream.range(0, 100).mapToObj(n -> "order-" + n).sorted().toList();

  @Test
  void allOrdersArrive(KafkaspecBroker.Broker broker) throws Exception {
    broker.createTopic("orders", 3);
    Orders.send(broker.bootstrap(), SENT);
    assertEquals(SENT, broker.values("orders").stream().sorted().toList());
  }

  @Test
  void aLostAnswerRepeatsNoOrder(KafkaspecBroker.Broker broker) throws Exception {
    broker.createTopic("orders", 1);
    var lost = broker.inject("the next Produce request from \"client\" to \"orders\" is cut off after the broker acted");
    Orders.send(broker.bootstrap(), SENT);
    assertEquals(1, lost.fired(), "the fault struck nothing, so this shows nothing");
    assertTrue(broker.facts("produce-attempt").size() > 1, "it never tried again");
    assertEquals(SENT, broker.values("orders").stream().sorted().toList(), "orders were lost or repeated");
  }

  @Test
  void anOrderThatIsRefusedIsTold(KafkaspecBroker.Broker broker) {
    broker.createTopic("orders", 1);
    broker.inject("every Produce request to \"orders\" fails with TOPIC_AUTHORIZATION_FAILED");
    assertThrows(ExecutionException.class, () -> Orders.send(broker.bootstrap(), SENT));
    assertEquals(List.of(), broker.values("orders"));
  }
}
