package dev.migrator.testkit;

import dev.migrator.model.Completion;
import dev.migrator.model.VmRef;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseAction;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Advance;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Migrators that end wrongly: rules M3. */
final class WrongEndings {

  private WrongEndings() {}

  static Stream<Wrong> all() {
    return Stream.of(
        Wrong.migrator("CompleteNotRepeatable", Rule.M3_1, CompleteNotRepeatable::new),
        Wrong.migrator("LeaksAfterFailure", Rule.M3_2, LeaksAfterFailure::new),
        Wrong.migrator("TrustsTheLedgerOnly", Rule.M3_2, TrustsTheLedgerOnly::new),
        Wrong.migrator("IgnoresCancel", Rule.M3_3, IgnoresCancel::new),
        Wrong.migrator("CompleteUndoesHandOver", Rule.M3_4, CompleteUndoesHandOver::new),
        Wrong.migrator("DoesNotLookForTheGuest", Rule.M3_5, DoesNotLookForTheGuest::new),
        Wrong.phase("TellsTooEarly", Rule.M3_6, "StartTransfer", WrongEndings::tellsTooEarly),
        Wrong.phase("NeverTells", Rule.M3_6, "WaitForTransfer", WrongEndings::neverTells),
        Wrong.phase("DeletesAfterHandOver", Rule.M3_7, "RetireSource", WrongEndings::deletes),
        Wrong.phase("TwoGuests", Rule.M3_8, "RetireSource", WrongEndings::bootsSource),
        Wrong.phase("ForgetsLedger", Rule.M3_9, "CreateDisk", WrongEndings::forgetsLedger));
  }

  private static final class CompleteNotRepeatable extends Wrong.Copy {
    CompleteNotRepeatable(Wrong.Right right) {
      super(right);
    }

    @Override
    public PhaseOutcome complete(PhaseContext context, Completion completion) throws Exception {
      VmRef to = context.vm().target();
      if (completion != Completion.SUCCEEDED
          && right.target().find("Disk", to.namespace(), to.name()).isEmpty()) {
        return PhaseOutcome.fail("NoDisk", "There is no disk to remove.");
      }
      return super.complete(context, completion);
    }
  }

  private static final class LeaksAfterFailure extends Wrong.Copy {
    LeaksAfterFailure(Wrong.Right right) {
      super(right);
    }

    @Override
    public PhaseOutcome complete(PhaseContext context, Completion completion) throws Exception {
      return completion == Completion.FAILED
          ? PhaseOutcome.advance()
          : super.complete(context, completion);
    }
  }

  private static final class TrustsTheLedgerOnly extends Wrong.Copy {
    TrustsTheLedgerOnly(Wrong.Right right) {
      super(right);
    }

    @Override
    public PhaseOutcome complete(PhaseContext context, Completion completion) throws Exception {
      return context.status().ledger().isEmpty()
          ? PhaseOutcome.advance()
          : super.complete(context, completion);
    }
  }

  private static final class IgnoresCancel extends Wrong.Copy {
    IgnoresCancel(Wrong.Right right) {
      super(right);
    }

    @Override
    public PhaseOutcome complete(PhaseContext context, Completion completion) throws Exception {
      return completion == Completion.CANCELLED
          ? PhaseOutcome.advance()
          : super.complete(context, completion);
    }
  }

  private static final class CompleteUndoesHandOver extends Wrong.Copy {
    CompleteUndoesHandOver(Wrong.Right right) {
      super(right);
    }

    @Override
    public PhaseOutcome complete(PhaseContext context, Completion completion) throws Exception {
      if (completion != Completion.SUCCEEDED && context.status().isHandedOver()) {
        right.delete(right.target(), "Machine", context.vm().target());
      }
      return super.complete(context, completion);
    }
  }

  private static final class DoesNotLookForTheGuest extends Wrong.Copy {
    DoesNotLookForTheGuest(Wrong.Right right) {
      super(right);
    }

    @Override
    public PhaseOutcome complete(PhaseContext context, Completion completion) throws Exception {
      if (completion == Completion.CANCELLED && !context.status().isHandedOver()) {
        for (String kind : List.of("Machine", "Disk", "Secret")) {
          right.delete(right.target(), kind, context.vm().target());
        }
      }
      return super.complete(context, completion);
    }
  }

  private static PhaseAction tellsTooEarly(Wrong.Right right) {
    return c -> right.execute(c).with(Notes.none().withHandOver());
  }

  private static PhaseAction neverTells(Wrong.Right right) {
    return c -> {
      PhaseOutcome outcome = right.execute(c);
      return outcome instanceof Advance ? PhaseOutcome.advance() : outcome;
    };
  }

  private static PhaseAction deletes(Wrong.Right right) {
    return c -> {
      if (c.status().attempts() > 0) {
        right.delete(right.target(), "Machine", c.vm().target());
      }
      return right.execute(c);
    };
  }

  private static PhaseAction bootsSource(Wrong.Right right) {
    return c -> {
      PhaseOutcome outcome = right.execute(c);
      VmRef from = c.vm().source();
      right
          .source()
          .peek("Machine", from.namespace(), from.name())
          .ifPresent(machine -> right.source().change(machine, Map.of("state", "Running")));
      return outcome;
    };
  }

  private static PhaseAction forgetsLedger(Wrong.Right right) {
    return c -> {
      if (right.execute(c) instanceof Advance) {
        return PhaseOutcome.advance();
      }
      throw new IOException("The disk was not created");
    };
  }
}
