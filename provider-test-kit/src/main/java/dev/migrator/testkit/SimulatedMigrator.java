package dev.migrator.testkit;

import static dev.migrator.core.SharedFlows.COMPLETED;
import static dev.migrator.core.SharedFlows.POST_HOOK;
import static dev.migrator.core.SharedFlows.PRE_HOOK;
import static dev.migrator.core.SharedFlows.STARTED;

import dev.migrator.model.Completion;
import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Progress;
import dev.migrator.model.Severity;
import dev.migrator.model.VmRef;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.Notes;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.testkit.SimulatedCluster.Thing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A live migrator of toy machines that obeys every rule of the contract; keeps no state. */
final class SimulatedMigrator implements Migrator {

  private final Supplier<SimulatedCluster> source;
  private final Supplier<SimulatedCluster> target;

  SimulatedMigrator(Supplier<SimulatedCluster> source, Supplier<SimulatedCluster> target) {
    this.source = source;
    this.target = target;
  }

  @Override
  public Itinerary itinerary(MigrationPlan plan, PlannedVm vm) {
    return Itinerary.of(
        Phase.shared(STARTED, "Initialize"),
        Phase.shared(PRE_HOOK, PRE_HOOK).when((p, v) -> v.preHook().isPresent()),
        Phase.of("CopySecret", "PrepareTarget", this::copySecret),
        Phase.of("CreateDisk", "PrepareTarget", this::createDisk),
        Phase.of("CreateReceiver", "PrepareTarget", this::createReceiver),
        Phase.of("StartTransfer", "Synchronize", this::startTransfer),
        Phase.of("WaitForTransfer", "Synchronize", this::waitForTransfer),
        Phase.of("RetireSource", "Finalize", this::retireSource),
        Phase.shared(POST_HOOK, POST_HOOK).when((p, v) -> v.postHook().isPresent()),
        Phase.shared(COMPLETED, COMPLETED));
  }

  @Override
  public List<Concern> validate(MigrationPlan plan, PlannedVm vm) {
    List<Concern> concerns = new ArrayList<>();
    Map<String, String> settings = new TreeMap<>(plan.settings());
    settings.putAll(plan.source().settings());
    settings.putAll(plan.target().settings());
    settings.keySet().forEach(key -> concerns.add(unknownSetting(key)));
    try {
      VmRef to = vm.target();
      Optional<Thing> there = target.get().find("Machine", to.namespace(), to.name());
      if (there.isPresent() && !there.get().owner().equals(owner(plan, vm))) {
        concerns.add(collision(vm));
      }
    } catch (IOException e) {
      throw MigrationException.transientFault("The target cannot be asked: " + e.getMessage(), e);
    }
    return concerns;
  }

  @Override
  public PhaseOutcome begin(MigrationPlan plan) throws IOException {
    if (target.get().find("Trust", "", plan.source().name()).isEmpty()) {
      target.get().create("Trust", "", plan.source().name(), plan.id(), Map.of());
    }
    return PhaseOutcome.advance();
  }

  private PhaseOutcome copySecret(PhaseContext context) throws IOException {
    return PhaseOutcome.advance(created(ensureCopy(context, "Secret")));
  }

  private PhaseOutcome createDisk(PhaseContext context) throws IOException {
    return PhaseOutcome.advance(created(ensureCopy(context, "Disk")));
  }

  private PhaseOutcome createReceiver(PhaseContext context) throws IOException {
    Thing machine =
        ensure(context, "Machine", Map.of("state", "Created", "since", context.now().toString()));
    if (machine.get("state").equals("Created")) {
      return PhaseOutcome.await("Receiver", Duration.ofSeconds(3), "The receiver boots")
          .atMost(Duration.ofMinutes(10))
          .with(created(machine));
    }
    return PhaseOutcome.advance(created(machine).fact("address", machine.get("address")));
  }

  private PhaseOutcome startTransfer(PhaseContext context) throws IOException {
    if (hasMoved(context)) {
      return PhaseOutcome.advance(Notes.none().withHandOver());
    }
    VmRef from = context.vm().source();
    Optional<Thing> there = source.get().find("Transfer", from.namespace(), from.name());
    if (there.isPresent()) {
      return PhaseOutcome.advance(created(ours(context, there.get())));
    }
    Map<String, String> data =
        Map.of(
            "state",
            "Copying",
            "address",
            context.fact("address").orElse("unknown"),
            "since",
            context.now().toString());
    return PhaseOutcome.advance(
        created(
            source.get().create("Transfer", from.namespace(), from.name(), owner(context), data)));
  }

  private PhaseOutcome waitForTransfer(PhaseContext context) throws IOException {
    VmRef from = context.vm().source();
    Optional<Thing> transfer = source.get().find("Transfer", from.namespace(), from.name());
    if (hasMoved(context)) {
      return PhaseOutcome.advance(Notes.none().withHandOver());
    }
    if (transfer.isEmpty() || transfer.get().get("state").equals("Failed")) {
      return PhaseOutcome.fail(
          "TransferFailed", "The transfer of VM " + from + " failed; look at both clusters.");
    }
    long percent = Long.parseLong(transfer.get().data().getOrDefault("percent", "0"));
    return PhaseOutcome.await("Transfer", Duration.ofSeconds(20), "The guest is copied")
        .progress(new Progress(percent, 100, "percent"))
        .stalledAfter(Duration.ofMinutes(15))
        .atMost(Duration.ofHours(2));
  }

  private PhaseOutcome retireSource(PhaseContext context) throws IOException {
    VmRef from = context.vm().source();
    Notes notes = Notes.none();
    if (hasMoved(context)) {
      notes = notes.withHandOver();
    }
    Optional<Thing> machine = source.get().find("Machine", from.namespace(), from.name());
    if (machine.isPresent()) {
      source.get().update(machine.get(), Map.of("policy", "Halted"));
    }
    return PhaseOutcome.advance(notes.and(remove(source.get(), context, "Transfer", from)));
  }

  @Override
  public PhaseOutcome complete(PhaseContext context, Completion completion) throws IOException {
    VmRef from = context.vm().source();
    VmRef to = context.vm().target();
    if (completion == Completion.SUCCEEDED) {
      return PhaseOutcome.advance(remove(source.get(), context, "Transfer", from));
    }
    if (hasMoved(context)) {
      return PhaseOutcome.advance(Notes.none().withHandOver());
    }
    // Without its transfer the guest cannot move any more, unless it just did.
    Notes gone = remove(source.get(), context, "Transfer", from);
    if (hasMoved(context)) {
      return PhaseOutcome.advance(gone.withHandOver());
    }
    for (String kind : List.of("Machine", "Disk", "Secret")) {
      gone = gone.and(remove(target.get(), context, kind, to));
    }
    return PhaseOutcome.advance(gone);
  }

  private boolean hasMoved(PhaseContext context) throws IOException {
    VmRef to = context.vm().target();
    return target
        .get()
        .find("Machine", to.namespace(), to.name())
        .filter(machine -> machine.owner().equals(owner(context)))
        .filter(machine -> machine.get("state").equals("Running"))
        .isPresent();
  }

  private Thing ensureCopy(PhaseContext context, String kind) throws IOException {
    VmRef from = context.vm().source();
    Thing original =
        source
            .get()
            .find(kind, from.namespace(), from.name())
            .orElseThrow(
                () ->
                    MigrationException.permanent(
                        "SourceIncomplete",
                        "VM " + from + " has no " + kind + " on the source; was it deleted?"));
    return ensure(context, kind, original.data());
  }

  private Thing ensure(PhaseContext context, String kind, Map<String, String> data)
      throws IOException {
    VmRef to = context.vm().target();
    Optional<Thing> there = target.get().find(kind, to.namespace(), to.name());
    return there.isPresent()
        ? ours(context, there.get())
        : target.get().create(kind, to.namespace(), to.name(), owner(context), data);
  }

  /** Adopts what this plan made for this machine and refuses what it did not. */
  private static Thing ours(PhaseContext context, Thing thing) {
    if (!thing.owner().equals(owner(context))) {
      throw MigrationException.permanent(
          "Collision", thing.ref() + " exists and is not ours; remove or rename it.");
    }
    return thing;
  }

  private static Notes remove(
      SimulatedCluster cluster, PhaseContext context, String kind, VmRef place) throws IOException {
    Optional<Thing> there = cluster.find(kind, place.namespace(), place.name());
    if (there.isPresent() && there.get().owner().equals(owner(context))) {
      cluster.delete(there.get().ref());
      return Notes.none().removed(there.get().ref());
    }
    List<ObjectRef> listed =
        context.status().ledger().stream()
            .filter(ref -> ref.kind().equals(kind) && there.isEmpty())
            .toList();
    return Notes.none().removed(listed);
  }

  private static Notes created(Thing thing) {
    return Notes.none().created(thing.ref());
  }

  private static String owner(PhaseContext context) {
    return owner(context.plan(), context.vm());
  }

  private static String owner(MigrationPlan plan, PlannedVm vm) {
    return plan.id() + " " + vm.source();
  }

  private static Concern unknownSetting(String key) {
    return new Concern(
        "UnknownSetting",
        Severity.CRITICAL,
        null,
        key,
        "The provider has no such setting.",
        "Remove it from the plan.");
  }

  private static Concern collision(PlannedVm vm) {
    return new Concern(
        "Collision",
        Severity.CRITICAL,
        vm.source(),
        "Machine " + vm.target(),
        "It exists on the target and is not ours.",
        "Remove it, or give the VM another name on the target.");
  }
}
