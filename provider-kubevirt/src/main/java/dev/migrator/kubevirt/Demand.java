package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the {@link Rights} the move of one machine needs, and where; pure, and immutable.
 *
 * <p>What has not been read yet is not known: a right that depends on it is not needed so far.
 */
final class Demand {

  private final MigrationPlan plan;
  private final PlannedVm vm;
  private final KubeVirtOptions options;
  private final @Nullable Installations installations;
  private final @Nullable SourceMachine source;

  private Demand(
      MigrationPlan plan,
      PlannedVm vm,
      KubeVirtOptions options,
      @Nullable Installations installations,
      @Nullable SourceMachine source) {
    this.plan = plan;
    this.vm = vm;
    this.options = options;
    this.installations = installations;
    this.source = source;
  }

  /** What can be told before anything was read. */
  static Demand of(MigrationPlan plan, PlannedVm vm, KubeVirtOptions options) {
    return new Demand(plan, vm, options, null, null);
  }

  Demand with(Installations found) {
    return new Demand(plan, vm, options, found, source);
  }

  Demand with(SourceMachine read) {
    return new Demand(plan, vm, options, installations, read);
  }

  /** As known by now, with the machine if it was read. */
  Demand with(Sources sources) {
    return sources.last(vm.source()).map(this::with).orElse(this);
  }

  MigrationPlan plan() {
    return plan;
  }

  PlannedVm vm() {
    return vm;
  }

  /** Both KubeVirts, or null while they are not known. */
  @Nullable Installations installations() {
    return installations;
  }

  /** The machine, or null while it was not read. */
  @Nullable SourceMachine source() {
    return source;
  }

  /** Whether the move needs a right; one that depends on the machine is not, until it was read. */
  boolean needs(Right right) {
    return switch (right.when()) {
      case ALWAYS -> true;
      case TWO_CLUSTERS -> !plan.isWithinOneCluster();
      case FULL -> isFull();
      case EXPORTS -> options.serviceExports() == KubeVirtOptions.ServiceExports.MCS;
      case NEW_NAMESPACE -> options.createNamespace();
      case ADOPTED -> options.haltedTarget() == KubeVirtOptions.HaltedVm.ADOPT;
      case REQUESTER -> plan.requester() != null;
      case HOOKS, STATUSES -> false;
      case REFERRED -> !names(right.kind()).isEmpty();
      case FULL_REFERRED -> isFull() && !names(right.kind()).isEmpty();
      case KEPT -> source != null && isKept(source, right.kind());
      case VOLUMES -> !volumes().isEmpty();
      case MADE -> source != null && isMade(source, right.kind());
      case OWNED -> volumes().stream().anyMatch(SourceVolume::isOwnedByMachine);
    };
  }

  /** The questions that a right comes down to, for these of its verbs. */
  List<AccessQuestion> questions(Right right, List<String> verbs) {
    List<AccessQuestion> questions = new ArrayList<>();
    for (Side side : right.grant().sides()) {
      for (String namespace : namespaces(right.place(), side)) {
        verbs.forEach(verb -> questions.add(AccessQuestion.of(right, side, namespace, verb)));
      }
    }
    return questions;
  }

  /** The very objects that a question about all of a kind means; empty where none has a name. */
  List<String> meant(Kind kind, AccessQuestion question) {
    if (question.verb().equals("create")) {
      return List.of();
    }
    return kind == Kind.VIRTUAL_MACHINE
        ? List.of(question.side() == Side.SOURCE ? vm.source().name() : vm.target().name())
        : names(kind);
  }

  /** The objects of a kind that the machine refers to. */
  List<String> names(Kind kind) {
    ReferenceKind reference =
        switch (kind) {
          case SECRET -> ReferenceKind.SECRET;
          case CONFIG_MAP -> ReferenceKind.CONFIG_MAP;
          case DATA_VOLUME -> ReferenceKind.DATA_VOLUME;
          case SERVICE_ACCOUNT -> ReferenceKind.SERVICE_ACCOUNT;
          case PRIORITY_CLASS -> ReferenceKind.PRIORITY_CLASS;
          default -> null;
        };
    return reference == null || source == null ? List.of() : source.references().names(reference);
  }

  private boolean isFull() {
    return options.preflight() == KubeVirtOptions.Preflight.FULL;
  }

  private boolean isKept(SourceMachine read, Kind kind) {
    return options.instancetypes() != KubeVirtOptions.Instancetypes.EXPAND
        && matchers(read).stream()
            .anyMatch(
                it -> kind == Kind.CONTROLLER_REVISION ? it.revision() != null : it.kind() == kind);
  }

  private boolean isMade(SourceMachine read, Kind kind) {
    return switch (kind) {
      case SECRET -> !read.secrets().isEmpty();
      case CONFIG_MAP -> !read.configMaps().isEmpty();
      case DATA_VOLUME -> volumes().stream().anyMatch(SourceVolume::isDataVolume);
      case PVC -> volumes().stream().anyMatch(volume -> !volume.isDataVolume());
      default ->
          options.instancetypes() == KubeVirtOptions.Instancetypes.COPY
              && matchers(read).stream().anyMatch(it -> it.kind() == kind);
    };
  }

  private List<SourceVolume> volumes() {
    return source == null ? List.of() : SourceVolume.of(source);
  }

  private static List<Matcher> matchers(SourceMachine read) {
    List<Matcher> all = new ArrayList<>();
    read.vm().instancetype().ifPresent(all::add);
    read.vm().preference().ifPresent(all::add);
    return all;
  }

  private Set<String> namespaces(Right.Place place, Side side) {
    return switch (place) {
      case MACHINE ->
          Set.of(side == Side.SOURCE ? vm.source().namespace() : vm.target().namespace());
      case KUBEVIRT ->
          installations == null ? Set.of() : Set.of(installations.of(side).namespace());
      case NETWORKS -> networks();
      case CLUSTER -> Set.of("");
      case HOST -> Set.of();
    };
  }

  private Set<String> networks() {
    Set<String> namespaces = new LinkedHashSet<>();
    if (source != null) {
      new Networks(plan, vm.source().namespace(), vm.target().namespace())
          .definitions(source.vm().templateSpec())
          .forEach(it -> namespaces.add(it.substring(0, it.indexOf('/'))));
    }
    return namespaces;
  }
}
