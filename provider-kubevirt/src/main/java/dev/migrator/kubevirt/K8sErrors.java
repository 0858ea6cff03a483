package dev.migrator.kubevirt;

import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The one place that says what a failed request means.
 *
 * <table>
 *   <caption>Classes</caption>
 *   <tr><th>answer</th><th>class</th></tr>
 *   <tr><td>none, I/O</td><td>transient: it is not known whether it took effect</td></tr>
 *   <tr><td>401, 408, 409, 429, 5xx</td><td>transient; credentials are renewed, conflicts read again</td></tr>
 *   <tr><td>400, 403, 405, 422 and other 4xx</td><td>permanent, in the server's words</td></tr>
 * </table>
 *
 * <p>404 never gets here where absence is an answer.
 *
 * <p>How long to wait is taken from the {@code Status} of the answer. An API server that is
 * overloaded sends a {@code Retry-After} header and plain text instead, and the client's exceptions
 * show no headers: then the runner's own back-off decides.
 */
final class K8sErrors {

  /** The code of an exception that says that the server forbids it. */
  static final String FORBIDDEN = "Forbidden";

  private K8sErrors() {}

  /** Whether the server said that there is no such object, or no such kind. */
  static boolean isNotFound(KubernetesClientException e) {
    return e.getCode() == 404;
  }

  /** Whether the server said that the object is not as the request took it to be. */
  static boolean isConflict(KubernetesClientException e) {
    return e.getCode() == 409;
  }

  /** Whether the server refused what the request says, be it a failed test of a JSON patch. */
  static boolean isInvalid(KubernetesClientException e) {
    return e.getCode() == 422 || e.getCode() == 400;
  }

  /** Whether the server forbids it. */
  static boolean isForbidden(KubernetesClientException e) {
    return e.getCode() == 403;
  }

  /**
   * Turns a failed request into what the runner understands.
   *
   * @param what what was tried, such as {@code create target DataVolume demo/disk-0}
   * @param e what the client threw
   * @return the exception to throw
   */
  static MigrationException classify(String what, KubernetesClientException e) {
    return classify(what, e, null);
  }

  /**
   * As {@link #classify(String, KubernetesClientException)}, for a request that carried an object,
   * whose content nobody repeats.
   */
  static MigrationException classify(
      String what, KubernetesClientException e, @Nullable GenericKubernetesResource sent) {
    boolean confidential = isConfidential(e, sent);
    String message =
        "Could not "
            + what
            + ": "
            + (confidential ? Confidential.WITHHELD + " (" + e.getCode() + ")" : words(e));
    KubernetesClientException cause = confidential ? null : e;
    if (!isTransient(e.getCode())) {
      return MigrationException.permanent(code(e.getCode()), message, cause);
    }
    Duration after = retryAfter(e);
    return after == null
        ? MigrationException.transientFault(message, cause)
        : MigrationException.transientFault(message, after, cause);
  }

  /** What a server said against an object, fit to be repeated. */
  static String refusal(KubernetesClientException e, GenericKubernetesResource sent) {
    if (e.getStatus() == null || e.getStatus().getMessage() == null) {
      return "status " + e.getCode();
    }
    return isConfidential(e, sent)
        ? Confidential.WITHHELD + " (" + e.getCode() + ")"
        : Words.sentence(e.getStatus().getMessage());
  }

  private static boolean isConfidential(
      KubernetesClientException e, @Nullable GenericKubernetesResource sent) {
    // The client's own words hold those of the server, its details included.
    String all = words(e) + " " + e.getMessage();
    return sent == null ? Confidential.isSpelledIn(all) : Confidential.isQuotedIn(all, sent);
  }

  private static boolean isTransient(int code) {
    // The client says 0 or less where there was no answer at all.
    return code <= 0 || code == 401 || code == 408 || code == 409 || code == 429 || code >= 500;
  }

  private static String code(int code) {
    return switch (code) {
      case 403 -> FORBIDDEN;
      case 404 -> "NotFound";
      default -> "Refused";
    };
  }

  private static String words(KubernetesClientException e) {
    if (e.getStatus() != null && e.getStatus().getMessage() != null) {
      return Words.sentence(e.getStatus().getMessage()) + " (" + e.getCode() + ")";
    }
    Throwable cause = e.getCause();
    String own = e.getMessage() == null ? "no answer" : e.getMessage();
    return Words.sentence(
        cause == null || cause.getMessage() == null ? own : own + ": " + cause.getMessage());
  }

  private static @Nullable Duration retryAfter(KubernetesClientException e) {
    if (e.getStatus() == null
        || e.getStatus().getDetails() == null
        || e.getStatus().getDetails().getRetryAfterSeconds() == null) {
      return null;
    }
    return Duration.ofSeconds(e.getStatus().getDetails().getRetryAfterSeconds());
  }
}
