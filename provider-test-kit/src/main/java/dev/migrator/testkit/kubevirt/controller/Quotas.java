package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Kubernetes' admission by ResourceQuota, for pods and claims: what a namespace would use with the
 * new object may not exceed what any of its quotas without scopes allows.
 */
final class Quotas {
  private Quotas() {}

  /** Why the object may not be created; empty where it may. */
  static String exceeded(Site site, Kind kind, Thing object) {
    for (Thing quota : site.store().fetchAll(Kind.RESOURCE_QUOTA, object.namespace())) {
      if (quota.has("spec.scopes") || quota.has("spec.scopeSelector")) {
        continue;
      }
      Map<String, BigDecimal> wanted = use(kind, object);
      for (Map.Entry<String, Object> limit : quota.map("spec.hard").entrySet()) {
        String resource = limit.getKey();
        BigDecimal more = wanted.get(resource);
        if (more == null) {
          continue;
        }
        BigDecimal used = BigDecimal.ZERO;
        for (Thing other : site.store().all(kind)) {
          if (other.namespace().equals(object.namespace()) && counts(kind, other)) {
            used = used.add(use(kind, other).getOrDefault(resource, BigDecimal.ZERO));
          }
        }
        if (used.add(more).compareTo(amount(String.valueOf(limit.getValue()))) > 0) {
          return "%s \"%s\" is forbidden: exceeded quota: %s, requested: %s=%s, used: %s=%s, limited: %s=%s"
              .formatted(
                  kind == Kind.POD ? "pods" : "persistentvolumeclaims",
                  object.name(),
                  quota.name(),
                  resource,
                  more.toPlainString(),
                  resource,
                  used.toPlainString(),
                  resource,
                  limit.getValue());
        }
      }
    }
    return "";
  }

  private static boolean counts(Kind kind, Thing other) {
    return kind != Kind.POD || !LauncherPods.ended(other);
  }

  private static Map<String, BigDecimal> use(Kind kind, Thing object) {
    Map<String, BigDecimal> use = new LinkedHashMap<>();
    String plural = kind == Kind.POD ? "pods" : "persistentvolumeclaims";
    use.put(plural, BigDecimal.ONE);
    use.put("count/" + plural, BigDecimal.ONE);
    if (kind == Kind.CLAIM) {
      BigDecimal size = amount(object.text("spec.resources.requests.storage"));
      String storageClass = object.text("spec.storageClassName") + ".storageclass.storage.k8s.io/";
      use.put("requests.storage", size);
      use.put(storageClass + "requests.storage", size);
      use.put(storageClass + plural, BigDecimal.ONE);
      return use;
    }
    for (String resource : new String[] {"cpu", "memory"}) {
      BigDecimal sum = BigDecimal.ZERO;
      for (Map<String, Object> container : object.maps("spec.containers")) {
        sum = sum.add(amount(Json.text(container, "resources.requests." + resource)));
      }
      use.put(resource, sum);
      use.put("requests." + resource, sum);
    }
    return use;
  }

  private static BigDecimal amount(String quantity) {
    return quantity.isEmpty()
        ? BigDecimal.ZERO
        : Quantity.getAmountInBytes(Quantity.parse(quantity));
  }
}
