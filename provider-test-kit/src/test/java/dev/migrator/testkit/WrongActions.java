package dev.migrator.testkit;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.VmRef;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseAction;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Await;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** Migrators whose actions are wrong: rules M2. */
final class WrongActions {

  private WrongActions() {}

  static Stream<Wrong> all() {
    return Stream.of(
        Wrong.phase("NotIdempotent", Rule.M2_1, "CreateDisk", WrongActions::notIdempotent),
        Wrong.phase("MakesAnotherEachTime", Rule.M2_2, "CreateDisk", WrongActions::another),
        Wrong.phase("HarmsWhenLate", Rule.M2_3, "RetireSource", WrongActions::bootsAgain),
        Wrong.phase("AdvancesOnError", Rule.M2_4, "CreateDisk", WrongActions::advancesOnError),
        Wrong.phase("GivesUpAtOnce", Rule.M2_4, "CopySecret", WrongActions::givesUp),
        Wrong.phase("Blocks", Rule.M2_5, "WaitForTransfer", WrongActions::blocks),
        Wrong.phase("SwallowsInterrupts", Rule.M2_6, "CreateDisk", WrongActions::swallows),
        Wrong.phase("ThrowsError", Rule.M2_7, "CreateDisk", WrongActions::throwsError),
        Wrong.phase("ReturnsNull", Rule.M2_7, "CopySecret", WrongActions::returnsNull),
        Wrong.phase("WaitsSilently", Rule.M2_8, "WaitForTransfer", WrongActions::waitsSilently),
        Wrong.phase("WaitsForever", Rule.M2_9, "WaitForTransfer", WrongActions::waitsForever),
        Wrong.phase("CountsTicks", Rule.M2_10, "CreateReceiver", WrongActions::countsTicks),
        Wrong.phase("LosesFacts", Rule.M2_11, "StartTransfer", WrongActions::losesFacts),
        Wrong.phase("RandomNames", Rule.M2_12, "CreateDisk", WrongActions::randomNames),
        Wrong.migrator("SharesStateBetweenMachines", Rule.M2_13, WrongActions::sharesState));
  }

  private static PhaseAction notIdempotent(Wrong.Right right) {
    return c -> PhaseOutcome.advance(Notes.none().created(disk(right, c, c.vm().target().name())));
  }

  private static PhaseAction another(Wrong.Right right) {
    return c -> {
      Notes notes = right.execute(c).notes();
      int number = 1;
      while (right.target().find("Disk", "demo", "scratch-" + number).isPresent()) {
        number++;
      }
      return PhaseOutcome.advance(notes.created(disk(right, c, "scratch-" + number)));
    };
  }

  private static ObjectRef disk(Wrong.Right right, PhaseContext c, String name) throws IOException {
    return right
        .target()
        .create("Disk", "demo", name, c.plan().id() + " " + c.vm().source(), Map.of("size", "10"))
        .ref();
  }

  /** Takes a transfer that is gone for one that failed, and boots the source again. */
  private static PhaseAction bootsAgain(Wrong.Right right) {
    return c -> {
      VmRef from = c.vm().source();
      if (right.source().find("Transfer", from.namespace(), from.name()).isEmpty()) {
        right
            .source()
            .peek("Machine", from.namespace(), from.name())
            .ifPresent(machine -> right.source().change(machine, Map.of("state", "Running")));
      }
      return right.execute(c);
    };
  }

  private static PhaseAction advancesOnError(Wrong.Right right) {
    return c -> {
      try {
        return right.execute(c);
      } catch (IOException e) {
        return PhaseOutcome.advance();
      }
    };
  }

  private static PhaseAction givesUp(Wrong.Right right) {
    return c -> {
      try {
        return right.execute(c);
      } catch (IOException e) {
        throw MigrationException.permanent("CannotCopy", "The secret cannot be copied.", e);
      }
    };
  }

  private static PhaseAction blocks(Wrong.Right right) {
    return c -> {
      new CountDownLatch(1).await();
      return right.execute(c);
    };
  }

  private static PhaseAction swallows(Wrong.Right right) {
    return c -> {
      if (Thread.interrupted()) {
        return PhaseOutcome.retry("Something got in between");
      }
      return right.execute(c);
    };
  }

  private static PhaseAction throwsError(Wrong.Right right) {
    return c -> {
      throw new StackOverflowError("so deep");
    };
  }

  @SuppressWarnings("NullAway")
  private static PhaseAction returnsNull(Wrong.Right right) {
    return c -> null;
  }

  private static PhaseAction waitsSilently(Wrong.Right right) {
    return c -> {
      PhaseOutcome outcome = right.execute(c);
      return outcome instanceof Await await
          ? PhaseOutcome.await(await.name(), await.recheck(), " ").atMost(Duration.ofHours(1))
          : outcome;
    };
  }

  private static PhaseAction waitsForever(Wrong.Right right) {
    return c -> {
      PhaseOutcome outcome = right.execute(c);
      return outcome instanceof Await await
          ? PhaseOutcome.await(await.name(), await.recheck(), await.reason())
          : outcome;
    };
  }

  /** Believes that its clock never jumps, and throws the receiver away when it does. */
  private static PhaseAction countsTicks(Wrong.Right right) {
    return c -> {
      Duration late = Duration.between(c.now(), right.context().clock().instant());
      if (late.compareTo(Duration.ofHours(1)) > 0) {
        right.delete(right.source(), "Machine", c.vm().source());
      }
      return right.execute(c);
    };
  }

  private static PhaseAction losesFacts(Wrong.Right right) {
    Map<VmRef, Instant> begun = new HashMap<>();
    return c -> {
      // Waits for a while that only this object in memory knows the beginning of.
      Instant since = begun.computeIfAbsent(c.vm().source(), vm -> c.now());
      return Duration.between(since, c.now()).compareTo(Duration.ofMinutes(1)) < 0
          ? PhaseOutcome.await("pause", Duration.ofSeconds(20), "It pauses")
              .atMost(Duration.ofHours(1))
          : right.execute(c);
    };
  }

  private static PhaseAction randomNames(Wrong.Right right) {
    Random random = new Random();
    return c -> {
      Notes notes = right.execute(c).notes();
      return PhaseOutcome.advance(
          notes.created(disk(right, c, "scratch-" + Long.toHexString(random.nextLong()))));
    };
  }

  private static Migrator sharesState(Wrong.Right right) {
    return new Wrong.Copy(right) {
      private VmRef current = new VmRef("demo", "none");

      @Override
      public PhaseOutcome executePhase(PhaseContext context) throws Exception {
        if ("StartTransfer".equals(context.status().phase())) {
          current = context.vm().source();
        }
        if ("WaitForTransfer".equals(context.status().phase())
            && !current.equals(context.vm().source())) {
          return PhaseOutcome.fail("WrongMachine", "Another machine was being prepared.");
        }
        return super.executePhase(context);
      }
    };
  }
}
