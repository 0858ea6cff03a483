package dev.migrator.kubevirt;

import dev.migrator.model.Completion;
import dev.migrator.model.Failure;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Progress;
import dev.migrator.model.Side;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.model.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A status in which every component has a value, and the texts in which releases wrote it. */
final class SampleStatus {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private SampleStatus() {}

  static VmStatus full() {
    Instant exact = NOW.plusNanos(678_901_234);
    return VmStatus.builder("rebalance", "2", new VmRef("demo", "web"))
        .version(17)
        .state(VmState.ENDING)
        .phases(List.of("Started", "PreHook", "Completed"))
        .phase("PreHook")
        .entered(exact)
        .attempts(3)
        .due(exact.plusSeconds(1))
        .waiting(
            new Waiting(
                "copied",
                "Memory is copied",
                NOW,
                new Progress(1, 5_000_000_000L, "bytes"),
                NOW.plusSeconds(2)))
        .steps(
            List.of(
                new StepStatus(
                    "Initialize",
                    StepState.COMPLETED,
                    new Progress(1, 1, "phases"),
                    "",
                    NOW,
                    NOW.plusSeconds(1)),
                StepStatus.pending("Finalize")))
        .facts(Map.of("source.uid", "6e0c", "attempt", "1"))
        .ledger(
            List.of(
                new ObjectRef(
                    Side.TARGET, "kubevirt.io/v1", "VirtualMachine", "demo", "web", "0b1d")))
        .handedOver(NOW.plusSeconds(3))
        .completion(Completion.SUCCEEDED)
        .failure(
            new Failure(
                "PreHook",
                "Transient",
                "Could not delete target VirtualMachineInstanceMigration demo/web: no answer",
                2,
                NOW.plusSeconds(4),
                NOW.plusSeconds(5),
                Failure.once(null, "HookFailed", "It exited with 1.", NOW)))
        .warnings(List.of("Post hook 'check' failed: it exited with 1."))
        .build();
  }

  /** The text in which the releases of a format wrote {@link #full()}, or what it was then. */
  static String text(int format) {
    String name = "/status/sample-v" + format + ".json";
    try (InputStream in = SampleStatus.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
