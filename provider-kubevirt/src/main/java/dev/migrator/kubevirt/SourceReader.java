package dev.migrator.kubevirt;

import dev.migrator.model.VmRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads one machine of the source with everything that it refers to: one request an object, in two
 * rounds, those of a round side by side.
 */
final class SourceReader {

  private static final String CREATED_BY = "kubevirt.io/created-by";
  private static final String VMI_NAME = "kubevirt.io/vmi-name";

  private final Cluster cluster;
  private final Executor executor;

  SourceReader(Cluster cluster, Executor executor) {
    this.cluster = cluster;
    this.executor = executor;
  }

  /**
   * Reads a machine.
   *
   * @param ref the machine
   * @param options decide what is needed beyond what every machine needs
   * @return the machine, or empty when there is none
   * @throws dev.migrator.spi.MigrationException when a request failed; what is not found is not in
   *     the answer
   */
  Optional<SourceMachine> read(VmRef ref, KubeVirtOptions options) {
    var vm = get(Kind.VIRTUAL_MACHINE, ref.namespace(), ref.name());
    var vmi = get(Kind.INSTANCE, ref.namespace(), ref.name());
    return Parallel.join(vm)
        .map(VmView::new)
        .map(found -> read(found, Parallel.join(vmi).map(VmiView::new).orElse(null), options));
  }

  /** Reads what a machine refers to, when the machine itself is known already. */
  SourceMachine read(VmView vm, @Nullable VmiView vmi, KubeVirtOptions options) {
    References references = References.of(vm, vmi);
    String namespace = vm.ref().namespace();
    List<String> dataVolumes = references.names(ReferenceKind.DATA_VOLUME);
    Set<String> claims = new LinkedHashSet<>(references.names(ReferenceKind.CLAIM));
    claims.addAll(dataVolumes);

    var readDataVolumes = all(Kind.DATA_VOLUME, namespace, dataVolumes);
    var readClaims = all(Kind.PVC, namespace, claims);
    var readSecrets = all(Kind.SECRET, namespace, references.names(ReferenceKind.SECRET));
    var readConfigMaps =
        all(Kind.CONFIG_MAP, namespace, references.names(ReferenceKind.CONFIG_MAP));
    var readMatched = matched(vm, options);
    var readImages = async(() -> images(vmi, options));
    var readMigrations = async(() -> migrations(vmi, options));

    Map<String, Map<String, Object>> content = new HashMap<>();
    readMatched.forEach(
        (field, future) -> Parallel.join(future).ifPresent(it -> content.put(field, it)));
    return new SourceMachine(
        vm,
        vmi,
        present(readClaims),
        present(readDataVolumes),
        present(readSecrets),
        present(readConfigMaps),
        content,
        Parallel.join(readImages),
        Parallel.join(readMigrations));
  }

  /** The content in force; not needed where the values of the instance are taken instead. */
  private Map<String, CompletableFuture<Optional<Map<String, Object>>>> matched(
      VmView vm, KubeVirtOptions options) {
    Map<String, CompletableFuture<Optional<Map<String, Object>>>> started = new LinkedHashMap<>();
    if (options.instancetypes() != KubeVirtOptions.Instancetypes.EXPAND) {
      for (Optional<Matcher> matcher : List.of(vm.instancetype(), vm.preference())) {
        matcher.ifPresent(
            it -> started.put(it.field(), async(() -> content(vm.ref().namespace(), it))));
      }
    }
    return started;
  }

  /** The ControllerRevision holds what the guest runs with; the object may have changed since. */
  private Optional<Map<String, Object>> content(String namespace, Matcher matcher) {
    String revision = matcher.revision();
    if (revision != null) {
      return cluster
          .get(Kind.CONTROLLER_REVISION, namespace, revision)
          .map(found -> Tree.map(found.getAdditionalProperties(), "data", "spec"));
    }
    return cluster
        .get(matcher.kind(), namespace, matcher.name())
        .map(found -> Tree.map(found.getAdditionalProperties(), "spec"));
  }

  private Map<String, String> images(@Nullable VmiView vmi, KubeVirtOptions options) {
    if (vmi == null
        || options.images() != KubeVirtOptions.Images.DIGEST
        || !Images.isNeeded(vmi.spec())) {
      return Map.of();
    }
    List<GenericKubernetesResource> pods =
        cluster.list(Kind.POD, vmi.ref().namespace(), Map.of(CREATED_BY, vmi.uid()));
    return Images.inUse(vmi, pods);
  }

  /**
   * A migration that was just made shows nowhere else, and an ended attempt may leave an open state
   * behind: only the objects tell. The quick check asks for them where that state is open.
   */
  private List<VmimView> migrations(@Nullable VmiView vmi, KubeVirtOptions options) {
    boolean open =
        vmi != null && vmi.migrationState().exists() && !vmi.migrationState().completed();
    if (vmi == null || !(open || options.preflight() == KubeVirtOptions.Preflight.FULL)) {
      return List.of();
    }
    return cluster
        .list(Kind.MIGRATION, vmi.ref().namespace(), Map.of(VMI_NAME, vmi.ref().name()))
        .stream()
        .map(VmimView::new)
        .toList();
  }

  private Map<String, CompletableFuture<Optional<GenericKubernetesResource>>> all(
      Kind kind, String namespace, Iterable<String> names) {
    Map<String, CompletableFuture<Optional<GenericKubernetesResource>>> started =
        new LinkedHashMap<>();
    names.forEach(name -> started.put(name, get(kind, namespace, name)));
    return started;
  }

  private CompletableFuture<Optional<GenericKubernetesResource>> get(
      Kind kind, String namespace, String name) {
    return async(() -> cluster.get(kind, namespace, name));
  }

  private <T> CompletableFuture<T> async(Supplier<T> request) {
    return CompletableFuture.supplyAsync(request, executor);
  }

  private static Map<String, GenericKubernetesResource> present(
      Map<String, CompletableFuture<Optional<GenericKubernetesResource>>> started) {
    Map<String, GenericKubernetesResource> found = new LinkedHashMap<>();
    started.forEach((name, future) -> Parallel.join(future).ifPresent(it -> found.put(name, it)));
    return found;
  }
}
