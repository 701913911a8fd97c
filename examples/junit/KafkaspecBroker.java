import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The broker of kafkaspec in JUnit 5: {@code @ExtendWith(KafkaspecBroker.class)} starts {@code kafkaspec broker} once for
 * all tests, and gives each test that has a parameter of type {@link Broker} a fresh cluster. KAFKASPEC names the program
 * where it is not in PATH. It needs nothing but JUnit and Java 17.
 */
public final class KafkaspecBroker implements BeforeEachCallback, ParameterResolver {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @Override
  public void beforeEach(ExtensionContext context) {
    broker(context).reset();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Broker.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return broker(context);
  }

  private static Broker broker(ExtensionContext context) {
    var store = context.getRoot().getStore(Namespace.create(KafkaspecBroker.class));
    return store.getOrComputeIfAbsent(Broker.class, any -> Broker.start(), Broker.class); // JUnit closes it
  }

  /** The HTTP interface of {@code kafkaspec broker --http}, which GET /openapi.json describes. */
  public static final class Broker implements ExtensionContext.Store.CloseableResource {
    private static final Pattern ADDRESS = Pattern.compile("HTTP interface: (\\S+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final String address;

    private Broker(Process process, String address) {
      this.process = process;
      this.address = address;
    }

    private static Broker start() {
      var program = System.getenv().getOrDefault("KAFKASPEC", "kafkaspec");
      var command = List.of(program, "broker", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0");
      try {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader shown = process.inputReader();
        var text = new StringBuilder();
        for (var line = shown.readLine(); line != null; line = shown.readLine()) {
          var found = ADDRESS.matcher(line);
          if (found.find()) {
            drain(shown);
            return new Broker(process, found.group(1));
          }
          text.append(line).append('\n');
        }
        throw new IllegalStateException("kafkaspec broker ended at once: " + text);
      } catch (IOException e) {
        throw new IllegalStateException("cannot start " + program + "; set KAFKASPEC to where it is", e);
      }
    }

    /** Reads on: a program whose output nobody takes stands still. */
    private static void drain(BufferedReader shown) {
      var reader = new Thread(() -> shown.lines().forEach(line -> { }), "kafkaspec broker");
      reader.setDaemon(true);
      reader.start();
    }

    /** What clients set as bootstrap.servers. */
    public String bootstrap() {
      return first("\"bootstrap\":\\[\"([^\\]]*)\"\\]", ask("GET", "/ready", null)).replace("\",\"", ",");
    }

    /** Starts a fresh cluster at the same addresses. */
    public void reset() {
      ask("POST", "/reset", null);
    }

    public void createTopic(String name, int partitions) {
      ask("POST", "/topics", "{\"name\": " + quoted(name) + ", \"partitions\": " + partitions + "}");
    }

    /** The values of a topic's records, up to 1000 of each partition, as they stand in JSON. */
    public List<String> values(String topic) {
      var records = ask("GET", "/topics/" + topic + "/records?limit=1000", null);
      var values = Pattern.compile("\"value\":\"((?:[^\"\\\\]|\\\\.)*)\"[,}]").matcher(records);
      return values.results().map(found -> found.group(1)).toList();
    }

    /** Disturbs requests from now on; the step is a fault as in docs/faults.md. */
    public Fault inject(String step) {
      var fault = ask("POST", "/faults", "{\"step\": " + quoted(step) + "}");
      return new Fault(Integer.parseInt(first("\"id\":(\\d+)", fault)));
    }

    /** What the wire saw of clients, of one kind such as produce-attempt: a JSON object each. */
    public List<String> facts(String kind) {
      return ask("GET", "/facts?limit=10000&kind=" + kind, null).lines().toList();
    }

    /** A fault at work. */
    public final class Fault {
      private final int id;

      private Fault(int id) {
        this.id = id;
      }

      /** How many requests it has struck. A test that expects it to matter looks at this. */
      public int fired() {
        return Integer.parseInt(first("\"id\":" + id + ",.*?\"fired\":(\\d+)", ask("GET", "/faults", null)));
      }

      public void lift() {
        ask("DELETE", "/faults/" + id, null);
      }
    }

    private String ask(String method, String path, String body) {
      var sent = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
      var request = HttpRequest.newBuilder(URI.create(address + path)).timeout(PATIENCE).method(method, sent).build();
      try {
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
          throw new AssertionError(method + " " + path + ": " + answer.body());
        }
        return answer.body();
      } catch (IOException e) {
        throw new IllegalStateException(method + " " + path, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(method + " " + path, e);
      }
    }

    private static String first(String pattern, String text) {
      Matcher found = Pattern.compile(pattern).matcher(text);
      if (!found.find()) {
        throw new IllegalStateException("got " + text + ", want " + pattern);
      }
      return found.group(1);
    }

    private static String quoted(String text) {
      return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Override
    public void close() throws InterruptedException {
      process.destroy();
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }
}
