package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.migrator.model.Requester;
import dev.migrator.model.Side;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What an authorizer is told about the person whom a plan names. */
final class AccessReviewsTest {

  private static final AccessQuestion QUESTION =
      new AccessQuestion(
          Side.TARGET, "demo", "kubevirt.io", "virtualmachines", "finalizers", "web", "update");

  @Test
  void everythingThatAuthenticationSaidOfThePersonReachesTheServer() throws IOException {
    Requester ann =
        new Requester(
            "ann",
            List.of("ops", "system:authenticated"),
            "uid-of-ann",
            Map.of("example.com/scopes", List.of("read", "write")));

    SubjectAccessReview asked = asked(ann);

    assertThat(asked.getSpec().getUser()).isEqualTo("ann");
    assertThat(asked.getSpec().getGroups()).containsExactly("ops", "system:authenticated");
    assertThat(asked.getSpec().getUid()).isEqualTo("uid-of-ann");
    assertThat(asked.getSpec().getExtra())
        .isEqualTo(Map.of("example.com/scopes", List.of("read", "write")));
    assertThat(asked.getSpec().getResourceAttributes())
        .extracting(
            it ->
                new AccessQuestion(
                    Side.TARGET,
                    it.getNamespace(),
                    it.getGroup(),
                    it.getResource(),
                    it.getSubresource(),
                    it.getName(),
                    it.getVerb()))
        .isEqualTo(QUESTION);
  }

  @Test
  void whatIsNotKnownOfThePersonIsNotMadeUp() throws IOException {
    SubjectAccessReview asked = asked(new Requester("bob", List.of()));

    assertThat(asked.getSpec().getUid()).isNull();
    assertThat(asked.getSpec().getExtra()).isNullOrEmpty();
    assertThat(asked.getSpec().getGroups()).isNullOrEmpty();
  }

  /** What a server gets that is asked about somebody; it allows it. */
  private static SubjectAccessReview asked(Requester who) throws IOException {
    AtomicReference<String> body = new AtomicReference<>("");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
        exchange -> {
          String sent =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          body.set(sent);
          SubjectAccessReview review = Serialization.unmarshal(sent, SubjectAccessReview.class);
          byte[] answer =
              Serialization.asJson(
                      review.edit().withNewStatus().withAllowed(true).endStatus().build())
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(201, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    try (KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build()) {
      assertThat(new AccessReviews(client).of(who, QUESTION).allowed()).isTrue();
    } finally {
      server.stop(0);
    }
    return Serialization.unmarshal(body.get(), SubjectAccessReview.class);
  }
}
