package dev.migrator.core;

import static dev.migrator.core.ScriptedMigrator.phase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Completion;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Progress;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.StatusStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random outcomes, refused saves, crashes before and after a save, cancels, and a guest that moves
 * when it likes: what may never happen does not happen, and every machine comes to an end.
 */
class RandomRunsTest {

  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** What is out there, whatever the runner believes. */
  private static final class World {
    final Set<VmRef> moved = new HashSet<>();
    final Map<VmRef, Set<String>> objects = new HashMap<>();
    final Random random;

    World(long seed) {
      random = new Random(seed);
    }

    boolean chance(int percent) {
      return random.nextInt(100) < percent;
    }

    Set<String> objects(VmRef vm) {
      return objects.computeIfAbsent(vm, name -> new HashSet<>());
    }
  }

  /** Checks every save against the one before, and refuses or crashes at random. */
  private static final class Judge implements StatusStore {
    final InMemoryStatusStore store = new InMemoryStatusStore();
    final World world;
    boolean calm;

    Judge(World world) {
      this.world = world;
    }

    @Override
    public List<VmStatus> load(String plan) {
      if (!calm && world.chance(2)) {
        throw MigrationException.transientFault("Store is down", null);
      }
      return store.load(plan);
    }

    @Override
    public boolean save(VmStatus status) {
      if (!calm && world.chance(4)) {
        throw new Crash();
      }
      if (!calm && world.chance(4)) {
        return false;
      }
      Optional<VmStatus> before =
          store.load(status.plan()).stream().filter(s -> s.vm().equals(status.vm())).findFirst();
      boolean saved = store.save(status);
      if (saved) {
        judge(before.orElse(null), status);
      }
      if (!calm && world.chance(4)) {
        throw new Crash();
      }
      if (!calm && world.chance(2)) {
        throw MigrationException.transientFault("Answer lost", null);
      }
      return saved;
    }

    private void judge(VmStatus before, VmStatus after) {
      VmState state = after.state();
      if (state == VmState.FAILED || state == VmState.CANCELLED) {
        assertThat(after.isHandedOver()).as("undone after the hand-over: %s", after).isFalse();
        assertThat(world.moved).as("undone although the guest moved").doesNotContain(after.vm());
        assertThat(world.objects(after.vm())).as("left behind").isEmpty();
      }
      if (state == VmState.ENDING && after.completion() != Completion.SUCCEEDED) {
        assertThat(after.isHandedOver()).as("undoing after the hand-over: %s", after).isFalse();
      }
      if (state == VmState.SUCCEEDED) {
        assertThat(after.isHandedOver()).isTrue();
        assertThat(world.moved).as("a success that did not happen").contains(after.vm());
        assertThat(after.phase()).isEqualTo("Finish");
      }
      assertThat(after.due() == null || !state.isFinal()).isTrue();
      if (before != null) {
        assertThat(before.state().isFinal()).as("a final status changed: %s", before).isFalse();
        if (before.isHandedOver()) {
          assertThat(after.handedOver()).isEqualTo(before.handedOver());
        }
        assertThat(after.warnings()).containsAll(before.warnings());
        if (before.phase() != null && state != VmState.PENDING) {
          int from = after.phases().indexOf(before.phase());
          assertThat(after.phases().indexOf(after.phase()))
              .as("one phase at a time, never back")
              .isBetween(from, from + 1);
          assertThat(after.phases()).isEqualTo(before.phases());
        }
      }
    }
  }

  private static ObjectRef object(String name) {
    return new ObjectRef(Side.TARGET, "v1", "ConfigMap", "demo", name, "u");
  }

  /** What any phase may do besides its work. */
  private static Optional<PhaseOutcome> trouble(World world) throws IOException {
    switch (world.random.nextInt(14)) {
      case 0:
        throw new IOException("reset");
      case 1:
        throw MigrationException.transientFault("busy", Duration.ofSeconds(3), null);
      case 2:
        return Optional.of(
            PhaseOutcome.await("x" + world.random.nextInt(2), Duration.ofSeconds(5), "Waits")
                .atMost(Duration.ofMinutes(10))
                .progress(new Progress(world.random.nextInt(3), 3, "parts")));
      case 3:
        return Optional.of(PhaseOutcome.recorded(Notes.none().fact("r", "1")));
      case 4:
        return world.chance(15)
            ? Optional.of(PhaseOutcome.fail("Broken", "It broke."))
            : Optional.empty();
      case 5:
        return world.chance(5)
            ? Optional.of(PhaseOutcome.preserve("Odd", "It is odd."))
            : Optional.empty();
      case 6:
        if (world.chance(10)) {
          throw MigrationException.permanent("Forbidden", "No right.");
        }
        if (world.chance(20)) {
          throw new Crash();
        }
        return Optional.empty();
      default:
        return Optional.empty();
    }
  }

  private static PhaseOutcome make(World world, PhaseContext context) throws IOException {
    VmRef vm = context.vm().source();
    String name = context.status().phase() + "-" + vm.name();
    world.objects(vm).add(name);
    Optional<PhaseOutcome> trouble = trouble(world);
    return trouble.isPresent()
        ? trouble.get()
        : PhaseOutcome.advance(Notes.none().created(object(name)));
  }

  private static PhaseOutcome move(World world, PhaseContext context) throws IOException {
    VmRef vm = context.vm().source();
    if (context.status().isHandedOver() || world.moved.contains(vm)) {
      return PhaseOutcome.advance(Notes.none().withHandOver());
    }
    if (world.chance(30)) {
      world.moved.add(vm);
    }
    return trouble(world).orElse(PhaseOutcome.await("move", Duration.ofSeconds(7), "Copies"));
  }

  private static ScriptedMigrator migrator(World world) {
    ScriptedMigrator migrator =
        ScriptedMigrator.of(
            phase("Make", c -> make(world, c)),
            phase("MakeMore", c -> make(world, c)),
            phase("Move", c -> move(world, c)),
            phase("Halt", c -> trouble(world).orElse(PhaseOutcome.advance())),
            Phase.of("Finish", "HaltStep", c -> trouble(world).orElse(PhaseOutcome.advance())));
    migrator.begin = () -> trouble(world).orElse(PhaseOutcome.advance());
    migrator.complete =
        (context, completion) -> {
          VmRef vm = context.vm().source();
          if (world.moved.contains(vm) && !context.status().isHandedOver()) {
            return PhaseOutcome.advance(Notes.none().withHandOver());
          }
          if (!context.status().isHandedOver()) {
            List<String> left = new ArrayList<>(world.objects(vm));
            if (!left.isEmpty()) {
              world.objects(vm).remove(left.get(0));
              return PhaseOutcome.recorded(Notes.none().removed(object(left.get(0))));
            }
          }
          Optional<PhaseOutcome> trouble = trouble(world);
          return trouble.isPresent() ? trouble.get() : PhaseOutcome.advance();
        };
    return migrator;
  }

  @Property(tries = 1000)
  void nothingIsEverLost(@ForAll long seed) {
    World world = new World(seed);
    Judge judge = new Judge(world);
    Bench bench =
        new Bench(
            migrator(world),
            builder ->
                builder
                    .limits(Limits.of(2))
                    .retryPolicy(RetryPolicy.defaults().total(Duration.ofMinutes(3))));
    bench.store = judge;
    bench.plan = Bench.plan(3);
    bench.restart();

    boolean done = false;
    for (int turns = 0; !done; turns++) {
      assertThat(turns).as("comes to an end: %s", judge.store.load("p")).isLessThan(3000);
      judge.calm = turns > 400;
      if (world.chance(1)) {
        bench.cancel();
      }
      if (world.chance(3)) {
        bench.restart();
      }
      try {
        Optional<Instant> next = bench.turn();
        done = next.isEmpty();
        next.ifPresent(
            instant -> {
              if (world.chance(80)) {
                bench.clock.advanceTo(instant);
              } else {
                bench.clock.advance(Duration.ofSeconds(world.random.nextInt(20)));
              }
            });
      } catch (Crash e) {
        bench.restart();
      }
    }

    assertThat(judge.store.load("p"))
        .hasSize(3)
        .allSatisfy(
            status -> {
              assertThat(status.state().isFinal()).isTrue();
              if (status.state() == VmState.NEEDS_ATTENTION) {
                assertThat(status.failure()).isNotNull();
              }
            });
  }
}
