package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.PlannedVm;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The only one who creates and deletes objects on a side, for one machine.
 *
 * <p>Create first, and look only when the name is taken: a run that was never interrupted pays no
 * read. What exists is adopted when this run made it, or an earlier run made its equal; a shared
 * object (Secret, ConfigMap, instance type, preference) also passes when its content is equal,
 * whoever made it. Anything else is a collision.
 *
 * <p>A shared object that this library made carries one annotation for each machine that uses it.
 * The last user to be rolled back deletes it, bound to the version at which it was the last.
 */
final class Ensure {

  private static final String COLLISION = "Collision";

  /** What to do where a collision may be with the source of an earlier move. */
  static final String HALTED =
      " If it is where the guest came from, setting '"
          + Setting.HALTED_TARGET.key()
          + "' = 'adopt' moves it back onto what is there.";

  /**
   * An object that is there.
   *
   * @param object as the server holds it
   * @param ledger its line in the ledger; empty when it is not ours to delete
   */
  record Made(GenericKubernetesResource object, List<ObjectRef> ledger) {

    /** For people; never the content. */
    @Override
    public String toString() {
      return Blueprint.describe(object) + " " + ledger;
    }
  }

  /** Whether something that is to go is gone. */
  enum Presence {
    /** Nobody finds it any more, or it is there for others. */
    GONE,
    /** Its deletion was asked for and is not over. */
    LEAVING
  }

  private static final Set<Kind> RETURNED =
      EnumSet.of(Kind.VIRTUAL_MACHINE, Kind.DATA_VOLUME, Kind.PVC);

  private final Cluster cluster;
  private final MigrationPlan plan;
  private final PlannedVm vm;

  Ensure(Cluster cluster, MigrationPlan plan, PlannedVm vm) {
    this.cluster = cluster;
    this.plan = plan;
    this.vm = vm;
  }

  /**
   * Makes an object that belongs to this machine alone.
   *
   * @param desired what to create; its labels and annotations are completed here
   * @return the object and its line in the ledger
   * @throws MigrationException a collision is permanent; one that is still Terminating is transient
   */
  Made own(GenericKubernetesResource desired) {
    String digest = stampOwn(desired);
    Optional<GenericKubernetesResource> created = create(desired);
    if (created.isPresent()) {
      return made(created.get());
    }
    GenericKubernetesResource found = existing(desired);
    boolean equal = digest.equals(Labels.annotations(found).get(Labels.DIGEST));
    if (Labels.isOfRun(found, plan, vm) || (Labels.isOf(found, plan, vm) && equal)) {
      return made(found);
    }
    throw collision(
        found,
        Labels.isOf(found, plan, vm)
            ? "it was left by an earlier run and asks for something else"
            : "it was not made by this migration");
  }

  /**
   * Makes an object that other machines may use as well, or finds its equal.
   *
   * @param desired what to create; its labels and annotations are completed here
   * @return the object; its line in the ledger when this library made it
   * @throws MigrationException as for {@link #own}
   */
  Made shared(GenericKubernetesResource desired) {
    stampShared(desired);
    Optional<GenericKubernetesResource> created = create(desired);
    if (created.isPresent()) {
      return made(created.get());
    }
    GenericKubernetesResource found = existing(desired);
    if (!canonical(content(found)).equals(canonical(content(desired)))) {
      throw collision(found, "its content is not that of the source");
    }
    return Labels.isOurs(found) ? used(found) : new Made(found, List.of());
  }

  /**
   * Makes an object of our own invention that all machines use, such as an exported endpoint.
   *
   * @param desired what to create; its labels and annotations are completed here
   * @return the object and its line in the ledger
   * @throws MigrationException as for {@link #own}
   */
  Made common(GenericKubernetesResource desired) {
    stampShared(desired);
    Optional<GenericKubernetesResource> created = create(desired);
    if (created.isPresent()) {
      return made(created.get());
    }
    GenericKubernetesResource found = existing(desired);
    if (!Labels.isOurs(found)) {
      throw collision(found, "it was not made by this library");
    }
    return used(found);
  }

  /**
   * What the server would say to {@link #own}; nothing is written, nor the given object changed.
   */
  Cluster.DryRun tryOwn(GenericKubernetesResource desired) {
    GenericKubernetesResource tried = Tree.copy(desired);
    stampOwn(tried);
    return cluster.dryRun(tried);
  }

  /** What the server would say to {@link #shared}; as {@link #tryOwn}. */
  Cluster.DryRun tryShared(GenericKubernetesResource desired) {
    GenericKubernetesResource tried = Tree.copy(desired);
    stampShared(tried);
    return cluster.dryRun(tried);
  }

  private String stampOwn(GenericKubernetesResource desired) {
    String digest = Hash.of(canonical(content(desired)));
    stamp(desired, Map.of(Labels.ORIGIN, Labels.origin(plan, vm), Labels.DIGEST, digest));
    return digest;
  }

  private void stampShared(GenericKubernetesResource desired) {
    stamp(
        desired,
        Map.of(Labels.ORIGIN, Labels.origin(plan, vm), Labels.usedBy(plan, vm), Labels.use(plan)));
  }

  private Made used(GenericKubernetesResource found) {
    if (!Labels.isUsedInRun(found, plan, vm)
        && !cluster.annotate(cluster.ref(found), Labels.usedBy(plan, vm), Labels.use(plan))) {
      throw vanished(found);
    }
    return made(found);
  }

  /**
   * Sees to it that an object of the ledger goes, whatever has to happen for that; asks once a
   * call.
   *
   * @param entry the object; one of another uid at its place is somebody else's and stays
   * @return whether it is gone
   */
  Presence remove(ObjectRef entry) {
    Optional<GenericKubernetesResource> found = find(entry);
    if (found.isEmpty()) {
      return Presence.GONE;
    }
    GenericKubernetesResource object = found.get();
    if (isLeaving(object)) {
      return Presence.LEAVING;
    }
    boolean shared = Labels.annotations(object).containsKey(Labels.usedBy(plan, vm));
    if (shared && Labels.otherUsers(object, plan, vm) > 0) {
      cluster.annotate(entry, Labels.usedBy(plan, vm), null);
      return Presence.GONE;
    }
    // A new user writes its annotation first, so that this version is no longer the last one.
    cluster.delete(entry, shared ? object.getMetadata().getResourceVersion() : "");
    return find(entry).isEmpty() ? Presence.GONE : Presence.LEAVING;
  }

  /** The object of a ledger entry as it is now; empty when it, or its uid, is gone. */
  Optional<GenericKubernetesResource> find(ObjectRef entry) {
    return cluster
        .get(Kind.of(entry), entry.namespace(), entry.name())
        .filter(object -> entry.uid().equals(object.getMetadata().getUid()));
  }

  /** Whether the deletion of an object was asked for. */
  static boolean isLeaving(GenericKubernetesResource object) {
    return object.getMetadata().getDeletionTimestamp() != null;
  }

  /**
   * Admission speaks before the name is looked at: KubeVirt refuses a half while another one is in
   * flight, be it the very same one whose creation was not recorded.
   */
  private Optional<GenericKubernetesResource> create(GenericKubernetesResource desired) {
    try {
      return cluster.create(desired);
    } catch (MigrationException refused) {
      if (!refused.isRetryable() && isThere(desired)) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  private boolean isThere(GenericKubernetesResource desired) {
    try {
      return cluster
          .get(
              Kind.of(desired.getApiVersion(), desired.getKind()),
              desired.getMetadata().getNamespace(),
              desired.getMetadata().getName())
          .isPresent();
    } catch (MigrationException unknown) {
      // The refusal says more than that nobody could look.
      return unknown.isRetryable();
    }
  }

  private Made made(GenericKubernetesResource object) {
    return new Made(object, List.of(cluster.ref(object)));
  }

  private GenericKubernetesResource existing(GenericKubernetesResource desired) {
    GenericKubernetesResource found =
        cluster
            .get(
                Kind.of(desired.getApiVersion(), desired.getKind()),
                desired.getMetadata().getNamespace(),
                desired.getMetadata().getName())
            .orElseThrow(() -> vanished(desired));
    if (isLeaving(found)) {
      throw MigrationException.transientFault(
          "An earlier " + cluster.ref(found) + " is still being deleted", null);
    }
    return found;
  }

  private MigrationException vanished(GenericKubernetesResource desired) {
    return MigrationException.transientFault(
        desired.getKind()
            + " "
            + desired.getMetadata().getNamespace()
            + "/"
            + desired.getMetadata().getName()
            + " changed hands while it was looked at",
        null);
  }

  private MigrationException collision(GenericKubernetesResource found, String why) {
    return MigrationException.permanent(
        COLLISION,
        "The name is taken: "
            + cluster.ref(found)
            + " exists and "
            + why
            + ". It was not touched; rename or remove it, or move the VM under another name."
            + (RETURNED.contains(Kind.of(found.getApiVersion(), found.getKind())) ? HALTED : ""));
  }

  private void stamp(GenericKubernetesResource desired, Map<String, String> annotations) {
    var metadata = desired.getMetadata();
    metadata.setLabels(with(metadata.getLabels(), Labels.of(plan, vm)));
    metadata.setAnnotations(with(metadata.getAnnotations(), annotations));
  }

  private static Map<String, String> with(
      @Nullable Map<String, String> some, Map<String, String> more) {
    Map<String, String> all = new HashMap<>();
    if (some != null) {
      all.putAll(some);
    }
    all.putAll(more);
    return all;
  }

  private static Map<String, Object> content(GenericKubernetesResource object) {
    Map<String, Object> content = new HashMap<>(object.getAdditionalProperties());
    content.remove("status");
    return content;
  }

  /** One spelling for equal content: sorted keys, no empty values. */
  private static String canonical(Object value) {
    return Canonical.text(value);
  }
}
