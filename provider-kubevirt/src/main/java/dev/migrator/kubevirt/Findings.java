package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.Severity;
import dev.migrator.model.VmRef;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what rules find about one machine, or about a plan; each thing once. */
final class Findings {

  private final @Nullable VmRef vm;
  private final Set<Concern> found = new LinkedHashSet<>();

  private Findings(@Nullable VmRef vm) {
    this.vm = vm;
  }

  static Findings about(VmRef vm) {
    return new Findings(vm);
  }

  static Findings aboutThePlan() {
    return new Findings(null);
  }

  void add(ConcernCode code, String subject, String message) {
    found.add(code.about(vm, subject, message));
  }

  void add(ConcernCode code, Severity weight, String subject, String message) {
    found.add(code.about(weight, vm, subject, message));
  }

  /** Something about the plan that shows at this machine. */
  void addToPlan(ConcernCode code, String subject, String message) {
    found.add(code.about(null, subject, message));
  }

  /** What it is about, for people. */
  String subject() {
    return vm == null ? "the plan" : vm.toString();
  }

  boolean hasCritical() {
    return found.stream().anyMatch(Concern::isCritical);
  }

  void addIf(boolean holds, ConcernCode code, String subject, String message) {
    if (holds) {
      add(code, subject, message);
    }
  }

  void addIf(boolean holds, ConcernCode code, Severity weight, String subject, String message) {
    if (holds) {
      add(code, weight, subject, message);
    }
  }

  /** Everything found, the weightiest first, otherwise in the order of the rules. */
  List<Concern> all() {
    List<Concern> sorted = new ArrayList<>(found);
    sorted.sort(java.util.Comparator.comparing(Concern::severity));
    return List.copyOf(sorted);
  }
}
