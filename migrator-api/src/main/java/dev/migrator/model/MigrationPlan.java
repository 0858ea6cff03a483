package dev.migrator.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to move, from where, to where, and how.
 *
 * <p>A host makes one and hands it to every turn of the runner; it may hand in a changed copy, of
 * which only {@code cancelled} has an effect on a virtual machine that was already started.
 *
 * @param id the plan's identity, unique for the host's status store
 * @param run which execution of the plan this is; a re-run after a failure is a new run, and what
 *     an earlier run left behind is adopted if it is equal
 * @param type the optional type; see {@link MigrationType#resolve}
 * @param warm the older way to ask for a warm migration
 * @param source the side that the machines leave
 * @param target the side that receives them
 * @param vms the machines, in the order in which they are started
 * @param storage how volumes are mapped
 * @param networks how networks are mapped
 * @param settings the provider's own settings; an unknown key is an error at validation
 * @param requester the person who asked for it, or null
 * @param cancelled the machines, by their source, whose move is to be undone
 */
public record MigrationPlan(
    String id,
    String run,
    @Nullable String type,
    boolean warm,
    Endpoint source,
    Endpoint target,
    List<PlannedVm> vms,
    List<StorageMapping> storage,
    List<NetworkMapping> networks,
    Map<String, String> settings,
    @Nullable Requester requester,
    Set<VmRef> cancelled) {

  public MigrationPlan {
    Identifiers.require(id, "A plan's id");
    Identifiers.require(run, "A plan's run");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(target, "target");
    vms = List.copyOf(vms);
    storage = List.copyOf(storage);
    networks = List.copyOf(networks);
    settings = Map.copyOf(settings);
    cancelled = Set.copyOf(cancelled);
    Set<VmRef> sources = new LinkedHashSet<>();
    for (PlannedVm vm : vms) {
      if (!sources.add(vm.source())) {
        throw new IllegalArgumentException("Plan '" + id + "' names VM " + vm.source() + " twice");
      }
    }
  }

  /**
   * The type that is in force.
   *
   * @return the resolved type
   * @throws IllegalArgumentException when the plan names an unknown one
   */
  public MigrationType migrationType() {
    return MigrationType.resolve(type, warm).type();
  }

  /**
   * Finds a machine of the plan.
   *
   * @param source the machine's identity on the source
   * @return the machine, or empty when the plan does not name it
   */
  public Optional<PlannedVm> vm(VmRef source) {
    return vms.stream().filter(vm -> vm.source().equals(source)).findFirst();
  }

  /** Whether both sides are one cluster, such as a move between namespaces. */
  public boolean isWithinOneCluster() {
    return source.name().equals(target.name());
  }

  /**
   * Returns a copy in which these machines are cancelled as well.
   *
   * @param more machines by their identity on the source
   * @return the changed copy
   */
  public MigrationPlan cancel(Collection<VmRef> more) {
    Set<VmRef> all = new LinkedHashSet<>(cancelled);
    all.addAll(more);
    return toBuilder().cancelled(all).build();
  }

  /**
   * Starts a plan.
   *
   * @param id the plan's identity
   * @param source the side that the machines leave
   * @param target the side that receives them
   * @return a builder for a plan without machines, in its run {@code 1}
   */
  public static Builder builder(String id, Endpoint source, Endpoint target) {
    return new Builder(id, source, target);
  }

  /** Returns a builder that holds everything of this plan. */
  public Builder toBuilder() {
    Builder copy = new Builder(id, source, target);
    copy.run = run;
    copy.type = type;
    copy.warm = warm;
    copy.vms.addAll(vms);
    copy.storage.addAll(storage);
    copy.networks.addAll(networks);
    copy.settings = settings;
    copy.requester = requester;
    copy.cancelled = cancelled;
    return copy;
  }

  /** Collects the parts of a {@link MigrationPlan}; not safe for use by several threads. */
  public static final class Builder {
    private final String id;
    private final Endpoint source;
    private final Endpoint target;
    private String run = "1";
    private @Nullable String type;
    private boolean warm;
    private final List<PlannedVm> vms = new ArrayList<>();
    private final List<StorageMapping> storage = new ArrayList<>();
    private final List<NetworkMapping> networks = new ArrayList<>();
    private Map<String, String> settings = Map.of();
    private @Nullable Requester requester;
    private Set<VmRef> cancelled = Set.of();

    private Builder(String id, Endpoint source, Endpoint target) {
      this.id = id;
      this.source = source;
      this.target = target;
    }

    /** Sets which execution of the plan this is. */
    public Builder run(String run) {
      this.run = run;
      return this;
    }

    /** Sets the type as plans spell it, or null to leave it out. */
    public Builder type(@Nullable String type) {
      this.type = type;
      return this;
    }

    /** Sets the type. */
    public Builder type(MigrationType type) {
      return type(type.id());
    }

    /** Sets the older boolean. */
    public Builder warm(boolean warm) {
      this.warm = warm;
      return this;
    }

    /** Adds a machine. */
    public Builder vm(PlannedVm vm) {
      vms.add(vm);
      return this;
    }

    /** Replaces the machines. */
    public Builder vms(List<PlannedVm> vms) {
      this.vms.clear();
      this.vms.addAll(vms);
      return this;
    }

    /** Adds a machine that keeps its namespace and name. */
    public Builder vm(String namespace, String name) {
      return vm(PlannedVm.of(new VmRef(namespace, name)));
    }

    /** Adds a storage mapping. */
    public Builder storage(StorageMapping mapping) {
      storage.add(mapping);
      return this;
    }

    /** Adds a network mapping. */
    public Builder network(NetworkMapping mapping) {
      networks.add(mapping);
      return this;
    }

    /** Replaces the provider's settings. */
    public Builder settings(Map<String, String> settings) {
      this.settings = Map.copyOf(settings);
      return this;
    }

    /** Names the person who asked for it. */
    public Builder requester(@Nullable Requester requester) {
      this.requester = requester;
      return this;
    }

    /** Replaces the set of cancelled machines. */
    public Builder cancelled(Collection<VmRef> cancelled) {
      this.cancelled = Set.copyOf(cancelled);
      return this;
    }

    /**
     * Makes the plan.
     *
     * @return the plan
     * @throws IllegalArgumentException when it names a machine twice or lacks an id
     */
    public MigrationPlan build() {
      return new MigrationPlan(
          id, run, type, warm, source, target, vms, storage, networks, settings, requester,
          cancelled);
    }
  }
}
