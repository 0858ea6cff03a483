package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Side;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Phase {@code CreateServiceExports}: makes the target's synchronization endpoint known to the
 * source through the multi-cluster services API.
 *
 * <p>KubeVirt makes no Service for it (contract 1.4), and exports of one name merge over all
 * clusters (contract 10), so the name is the target's own. The Service is headless, because only
 * one of the pods behind it listens.
 */
final class ServiceExports {

  private static final Duration RECHECK = Duration.ofSeconds(5);
  private static final int DEFAULT_PORT = 9185;

  private ServiceExports() {}

  static PhaseOutcome create(Move move) {
    List<GenericKubernetesResource> objects =
        objects(move.plan(), move.tools().installations().target());
    if (objects.stream().allMatch(object -> move.isMade(Side.TARGET, object))) {
      return await(move);
    }
    return move.make(
        objects.stream()
            .<Supplier<Ensure.Made>>map(object -> () -> move.on(Side.TARGET).common(object))
            .toList(),
        made -> PhaseOutcome.recorded(Notes.none()));
  }

  /** What is made for all machines of a target: a Service and its export. */
  static List<GenericKubernetesResource> objects(MigrationPlan plan, KubeVirtView target) {
    return List.of(
        service(plan, target), Kind.SERVICE_EXPORT.blank(target.namespace(), name(plan)));
  }

  /** Where the source reaches the exported endpoint. */
  static String address(Move move) {
    return name(move)
        + "."
        + namespace(move)
        + ".svc.clusterset.local:"
        + port(move.tools().installations().target());
  }

  private static PhaseOutcome await(Move move) {
    Optional<GenericKubernetesResource> export =
        move.sides().get(Side.TARGET, Kind.SERVICE_EXPORT, namespace(move), name(move));
    Map<String, Object> status =
        export.map(found -> Tree.map(found.getAdditionalProperties(), "status")).orElse(Map.of());
    Optional<ConditionView> conflict =
        ConditionView.find(status, "Conflict").filter(ConditionView::isTrue);
    if (conflict.isPresent()) {
      return PhaseOutcome.fail(
          "ServiceExportConflict",
          "The export of " + name(move) + " is in conflict: " + conflict.get().describe() + ".");
    }
    List<String> open =
        List.of("Valid", "Ready").stream()
            .filter(
                type -> ConditionView.find(status, type).filter(ConditionView::isTrue).isEmpty())
            .toList();
    // An implementation of the older API has no Ready (contract 10).
    boolean exported =
        open.isEmpty()
            || (open.equals(List.of("Ready")) && ConditionView.find(status, "Ready").isEmpty());
    return exported
        ? PhaseOutcome.advance()
        : PhaseOutcome.await(
                "export",
                RECHECK,
                "Waiting for the export of "
                    + name(move)
                    + " to become "
                    + String.join(" and ", open))
            .atMost(move.options().deadlines().sync());
  }

  private static GenericKubernetesResource service(MigrationPlan plan, KubeVirtView target) {
    GenericKubernetesResource service = Kind.SERVICE.blank(target.namespace(), name(plan));
    int port = port(target);
    service.setAdditionalProperty(
        "spec",
        Map.of(
            "clusterIP", "None",
            "selector", Map.of("kubevirt.io", "virt-synchronization-controller"),
            "ports", List.of(Map.of("name", "sync", "port", port, "targetPort", port))));
    return service;
  }

  private static String name(Move move) {
    return name(move.plan());
  }

  private static String name(MigrationPlan plan) {
    return "migrator-sync-" + Hash.of(plan.target().name()).substring(0, 12);
  }

  private static String namespace(Move move) {
    return move.tools().installations().target().namespace();
  }

  private static int port(KubeVirtView target) {
    return Tree.text(target.raw().getAdditionalProperties(), "spec", "synchronizationPort")
        .map(Integer::parseInt)
        .orElse(DEFAULT_PORT);
  }
}
