package dev.migrator.kubevirt;

import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.StatusStore;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps statuses as ConfigMaps in one namespace of a cluster, one for each machine of a plan.
 *
 * <p>For hosts that have no store of their own. It needs get, list, create, update and delete of
 * ConfigMaps in that namespace. A save is bound to the version of the ConfigMap that held the
 * status when it was read, so of two hosts that save at once one is refused. Safe for use by
 * several threads.
 */
public final class ConfigMapStatusStore implements StatusStore {

  /** Label: a hash of the plan's id; {@link #load} selects by it. */
  static final String STATUS_OF = Labels.PREFIX + "status-of";

  /** The layout of the stored text; a reader refuses a newer one. */
  static final int FORMAT = 1;

  static final String FORMAT_KEY = "format";
  static final String STATUS_KEY = "status.json";

  private static final String NAME_PREFIX = "migrator-status-";
  private static final int TOKEN = 16;

  /** A ConfigMap holds 1 MiB; this leaves room for its metadata. */
  private static final int LIMIT = 1_000_000;

  /** Which ConfigMap version held which status version; a hint that saves a read. */
  private record Seen(long version, String resourceVersion) {}

  private final KubernetesClient client;
  private final String namespace;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /**
   * Makes a store.
   *
   * @param client the connection to the cluster; it stays the host's
   * @param namespace an existing namespace
   */
  public ConfigMapStatusStore(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  @Override
  public List<VmStatus> load(String plan) {
    List<VmStatus> statuses = new ArrayList<>();
    for (ConfigMap stored : list(plan)) {
      VmStatus status = read(stored);
      if (status.plan().equals(plan)) {
        remember(stored, status.version());
        statuses.add(status);
      }
    }
    return statuses;
  }

  @Override
  public boolean save(VmStatus status) {
    VmStatus next = status.toBuilder().version(status.version() + 1).build();
    String name = name(status.plan(), status.vm());
    try {
      ConfigMap saved = status.version() == 0 ? create(name, next) : update(name, next);
      if (saved == null) {
        return false;
      }
      remember(saved, next.version());
      return true;
    } catch (KubernetesClientException e) {
      seen.remove(name);
      if (K8sErrors.isConflict(e) || K8sErrors.isNotFound(e)) {
        return false;
      }
      throw K8sErrors.classify("save the status of VM " + status.vm(), e);
    }
  }

  /**
   * Removes the statuses of a plan, whatever they say.
   *
   * <p>Called by a host that is done with a plan, after the runner has forgotten it.
   *
   * @param plan the plan's id
   * @throws MigrationException when the cluster refuses
   */
  public void delete(String plan) {
    for (ConfigMap stored : list(plan)) {
      if (read(stored).plan().equals(plan)) {
        String name = stored.getMetadata().getName();
        try {
          client.configMaps().inNamespace(namespace).withName(name).delete();
        } catch (KubernetesClientException e) {
          throw K8sErrors.classify("delete ConfigMap " + namespace + "/" + name, e);
        }
        seen.remove(name);
      }
    }
  }

  private List<ConfigMap> list(String plan) {
    try {
      return client
          .configMaps()
          .inNamespace(namespace)
          .withLabel(STATUS_OF, token(plan))
          .list()
          .getItems();
    } catch (KubernetesClientException e) {
      throw K8sErrors.classify("read the statuses of plan '" + plan + "' in " + namespace, e);
    }
  }

  private ConfigMap create(String name, VmStatus status) {
    return client.configMaps().inNamespace(namespace).resource(map(name, status, null)).create();
  }

  private @Nullable ConfigMap update(String name, VmStatus next) {
    Seen last = seen.get(name);
    if (last == null || last.version() != next.version() - 1) {
      ConfigMap stored = client.configMaps().inNamespace(namespace).withName(name).get();
      if (stored == null || read(stored).version() != next.version() - 1) {
        return null;
      }
      last = new Seen(next.version() - 1, stored.getMetadata().getResourceVersion());
    }
    return client
        .configMaps()
        .inNamespace(namespace)
        .resource(map(name, next, last.resourceVersion()))
        .update();
  }

  private ConfigMap map(String name, VmStatus status, @Nullable String resourceVersion) {
    String json = client.getKubernetesSerialization().asJson(RecordCodec.write(status));
    int size = json.getBytes(StandardCharsets.UTF_8).length;
    if (size > LIMIT) {
      throw MigrationException.permanent(
          "StatusTooLarge",
          "The status of VM "
              + status.vm()
              + " has "
              + size
              + " bytes, a ConfigMap holds "
              + LIMIT
              + ". Use another StatusStore for machines with so many objects.");
    }
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .withResourceVersion(resourceVersion)
        .addToLabels(STATUS_OF, token(status.plan()))
        .addToAnnotations(Labels.ORIGIN, "plan " + status.plan() + ", VM " + status.vm())
        .endMetadata()
        .addToData(FORMAT_KEY, Integer.toString(FORMAT))
        .addToData("state", status.state().name())
        .addToData(STATUS_KEY, json)
        .build();
  }

  private VmStatus read(ConfigMap stored) {
    String name = stored.getMetadata().getNamespace() + "/" + stored.getMetadata().getName();
    Map<String, String> data = stored.getData() == null ? Map.of() : stored.getData();
    String format = data.getOrDefault(FORMAT_KEY, "");
    if (!format.equals(Integer.toString(FORMAT))) {
      throw unreadable(name, "its format is '" + format + "', known is " + FORMAT, null);
    }
    try {
      Object json =
          client
              .getKubernetesSerialization()
              .unmarshal(data.getOrDefault(STATUS_KEY, "{}"), Map.class);
      return RecordCodec.read(VmStatus.class, (Map<?, ?>) json);
    } catch (IllegalArgumentException | KubernetesClientException e) {
      throw unreadable(name, String.valueOf(e.getMessage()), e);
    }
  }

  private static MigrationException unreadable(String name, String why, @Nullable Throwable cause) {
    return MigrationException.permanent(
        "StatusUnreadable",
        "ConfigMap "
            + name
            + " holds no status that this version can read: "
            + why
            + ". Go on with the version that wrote it.",
        cause);
  }

  private void remember(ConfigMap stored, long version) {
    seen.put(
        stored.getMetadata().getName(),
        new Seen(version, stored.getMetadata().getResourceVersion()));
  }

  static String name(String plan, VmRef vm) {
    return NAME_PREFIX + Hash.of(plan, vm.toString()).substring(0, TOKEN);
  }

  private static String token(String plan) {
    return Hash.of(plan).substring(0, TOKEN);
  }
}
