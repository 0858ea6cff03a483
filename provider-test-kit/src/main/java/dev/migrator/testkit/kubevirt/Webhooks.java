package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.apiserver.AdmissionDenied;
import dev.migrator.testkit.apiserver.AdmissionReview;
import dev.migrator.testkit.apiserver.Verb;
import dev.migrator.testkit.kubevirt.controller.Admissions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts KubeVirt's admission in front of embedded clusters. */
final class Webhooks {
  private static final String KUBEVIRT = "system:serviceaccount:kubevirt:";

  private final Map<Side, Site> sites;

  Webhooks(Map<Side, Site> sites) {
    this.sites = sites;
  }

  void register(EmbeddedClusters embedded) {
    for (Kind kind : Admissions.REVIEWED) {
      embedded.admit(kind.kind(), review -> review(kind, review));
    }
  }

  private void review(Kind kind, AdmissionReview review) {
    Site site = sites.get(review.side());
    boolean creates = review.operation() == Verb.CREATE;
    boolean reviewed = creates || (review.operation() == Verb.UPDATE && !Admissions.ownOf(kind));
    if (site == null || !reviewed || !review.subresource().isEmpty()) {
      return;
    }
    Map<String, Object> body = review.object();
    if (body == null) {
      return;
    }
    Thing object = thing(body);
    Map<String, Object> before = review.old();
    boolean ofKubeVirt = review.user().startsWith(KUBEVIRT);
    if (before != null && isIdle(kind, body, before, ofKubeVirt)) {
      return;
    }
    @Nullable Thing old = before == null ? null : thing(before);
    Admissions.Verdict verdict = new Admissions(site).review(kind, object, old, ofKubeVirt);
    if (!verdict.allowed()) {
      throw new AdmissionDenied(verdict.code(), verdict.reason(), verdict.message());
    }
    Map<String, Object> changed = map(object);
    body.clear();
    body.putAll(changed);
  }

  /** Whether nothing that admission looks at has changed: most of what controllers write. */
  private static boolean isIdle(
      Kind kind, Map<String, Object> body, Map<String, Object> before, boolean ofKubeVirt) {
    return kind == Kind.VMI
        ? ofKubeVirt
        : Objects.equals(body.get("spec"), before.get("spec"))
            && Objects.equals(Json.at(body, "metadata.labels"), Json.at(before, "metadata.labels"));
  }

  private static Thing thing(Map<String, Object> body) {
    return Thing.of(
        Serialization.unmarshal(Serialization.asJson(body), GenericKubernetesResource.class));
  }

  @SuppressWarnings("unchecked") // a JSON object has text keys
  static Map<String, Object> map(Thing object) {
    return Serialization.unmarshal(Serialization.asJson(object.raw()), Map.class);
  }
}
