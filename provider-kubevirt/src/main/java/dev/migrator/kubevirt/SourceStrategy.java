package dev.migrator.kubevirt;

import java.util.Map;
import java.util.Optional;

/**
 * A VM's run strategy in either of its two spellings, and the patches from one to another.
 *
 * <p>Each patch tests what it takes the strategy to be, so that a person's change is never
 * overwritten. {@code spec.running} and {@code spec.runStrategy} exclude each other at admission
 * (contract 2.6), so they are swapped in one patch.
 *
 * @param running the deprecated {@code spec.running}, or empty
 * @param name the {@code spec.runStrategy}, or empty
 */
record SourceStrategy(Optional<Boolean> running, Optional<String> name) {

  static final SourceStrategy HALTED = named("Halted");
  static final SourceStrategy MANUAL = named("Manual");

  private static final String RUNNING = "/spec/running";
  private static final String NAME = "/spec/runStrategy";

  /** A strategy by its name. */
  static SourceStrategy named(String name) {
    return new SourceStrategy(Optional.empty(), Optional.of(name));
  }

  /** The strategy of a VM. */
  static SourceStrategy of(VmView vm) {
    Map<String, Object> spec = vm.spec();
    return new SourceStrategy(
        Tree.text(spec, "running").map(Boolean::valueOf), Tree.text(spec, "runStrategy"));
  }

  /** Reads what {@link #text} wrote. */
  static SourceStrategy parse(String text) {
    return text.startsWith("running: ")
        ? new SourceStrategy(
            Optional.of(Boolean.valueOf(text.substring("running: ".length()))), Optional.empty())
        : named(text);
  }

  /** For the status and for people: {@code Always}, or {@code running: true}. */
  String text() {
    return name.orElseGet(() -> "running: " + running.orElse(false));
  }

  /**
   * Whether a final instance makes KubeVirt boot the machine again, if it looks at the wrong time.
   */
  boolean isRerunOnFailure() {
    return name.filter("RerunOnFailure"::equals).isPresent();
  }

  /** Whether KubeVirt will not start the machine. */
  boolean isHalted() {
    return name.map("Halted"::equals).orElseGet(() -> !running.orElse(false));
  }

  /** Whether KubeVirt, and not a person, starts the machine again when nothing runs. */
  boolean startsByItself() {
    return running.orElse(false)
        || name.filter(each -> each.equals("Always") || each.equals("RerunOnFailure")).isPresent();
  }

  /**
   * The patch that makes this strategy another one.
   *
   * @param uid the VM's uid
   * @param wanted the other one
   */
  JsonPatch to(String uid, SourceStrategy wanted) {
    JsonPatch patch = JsonPatch.of(uid);
    if (running.isPresent()) {
      patch = patch.test(RUNNING, running.get()).remove(RUNNING);
    }
    if (name.isPresent()) {
      patch = patch.test(NAME, name.get()).remove(NAME);
    }
    if (wanted.running.isPresent()) {
      patch = patch.add(RUNNING, wanted.running.get());
    }
    return wanted.name.isPresent() ? patch.add(NAME, wanted.name.get()) : patch;
  }
}
