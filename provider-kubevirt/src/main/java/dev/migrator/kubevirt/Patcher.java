package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends a patch as one request; the client's own way reads the object first, which costs a request
 * and is refused where only the right to patch was granted.
 */
final class Patcher {

  /** The content type of a JSON patch. */
  static final String JSON = "application/json-patch+json";

  /** The content type of a merge patch. */
  static final String MERGE = "application/merge-patch+json";

  private final KubernetesClient client;

  Patcher(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Sends a patch.
   *
   * @param path the object's path
   * @param type {@link #JSON} or {@link #MERGE}
   * @param body what is turned into JSON
   * @return the changed object
   * @throws KubernetesClientException as the client's own operations
   */
  GenericKubernetesResource patch(String path, String type, Object body) {
    String text = client.getKubernetesSerialization().asJson(body);
    String master = client.getMasterUrl().toString();
    String base = master.endsWith("/") ? master.substring(0, master.length() - 1) : master;
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(base + path)
            .method("PATCH", type, text)
            .build();
    HttpResponse<String> response = send(request);
    if (!response.isSuccessful()) {
      throw failure(response);
    }
    return client
        .getKubernetesSerialization()
        .unmarshal(response.body(), GenericKubernetesResource.class);
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      int timeout = client.getConfiguration().getRequestTimeout();
      var answer = client.getHttpClient().sendAsync(request, String.class);
      return timeout <= 0 ? answer.get() : answer.get(timeout, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("Interrupted while sending a patch", e);
    } catch (TimeoutException e) {
      throw new KubernetesClientException("No answer to a patch in time", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new KubernetesClientException("A patch was not answered", e.getCause());
    }
  }

  private KubernetesClientException failure(HttpResponse<String> response) {
    Status status = status(response.body());
    String message = status == null ? response.message() : status.getMessage();
    return new KubernetesClientException(message, response.code(), status);
  }

  private @Nullable Status status(@Nullable String body) {
    try {
      return body == null || body.isBlank()
          ? null
          : client.getKubernetesSerialization().unmarshal(body, Status.class);
    } catch (RuntimeException notAStatus) {
      return null;
    }
  }
}
