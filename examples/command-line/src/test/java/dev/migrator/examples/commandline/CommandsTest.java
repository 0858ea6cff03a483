package dev.migrator.examples.commandline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.examples.commandline.CommandWorld.Ended;
import dev.migrator.examples.terminal.Exit;
import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class CommandsTest {

  private CommandWorld world;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    world = new CommandWorld(folder);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void aPlanIsValidatedRunAndLookedAt() throws IOException {
    world.command("validate").as(Exit.DONE);
    assertThat(world.clusters.requests(Side.SOURCE).writes()).isEmpty();
    assertThat(world.clusters.requests(Side.TARGET).writes()).isEmpty();
    assertThat(world.command("status").as(Exit.DONE).text()).contains("PENDING");

    Ended run = world.command("run").as(Exit.DONE);

    assertThat(run.text())
        .containsPattern("shop/web +1/\\d+ Initialize +Started")
        .containsPattern("shop/db +\\d+/\\d+ Synchronize +WaitForStateTransfer")
        .containsPattern("shop/web +Handed over: the guest has moved");
    assertThat(world.command("status").as(Exit.DONE).text())
        .containsPattern("shop/web +SUCCEEDED")
        .containsPattern("shop/db +SUCCEEDED");
    assertThat(world.kubevirt.guest(Side.TARGET, "shop", "db-moved").isReady()).isTrue();
    assertThat(world.kubevirt.guest(Side.SOURCE, "shop", "db").isReady()).isFalse();
    assertThat(world.kubevirt.oracles().violations()).isEmpty();
    assertThat(world.command("run").as(Exit.DONE).text()).contains("shop/web has ended");
    assertThat(world.command("cancel").as(Exit.NOT_DONE).text())
        .contains("shop/web: too late, the guest has moved.");
  }

  @Test
  void whatKeepsAMachineFromMovingIsExplainedAndMayBeMended() throws IOException {
    world.edit("vms:\n", "storage: [{sourceClass: '*', targetClass: gold}]\nvms:\n");

    assertThat(world.command("validate").as(Exit.NOT_DONE).text())
        .contains("CRITICAL StorageClassMissing shop/web: ", "gold", "2 machines: 2 critical");
    world.command("run").as(Exit.NOT_DONE);
    assertThat(world.command("status").as(Exit.NOT_DONE).text())
        .containsPattern("shop/web +FAILED")
        .contains("shop/web: ValidationFailed: ");

    world.edit("storage: [{sourceClass: '*', targetClass: gold}]\n", "");
    world.world.target().hold(Switch.HOLD_RUNNING);
    world.startedRun();
  }

  @Test
  void aCancelReachesTheRunThatIsUnderWay() throws Exception {
    world.world.target().hold(Switch.HOLD_RUNNING);
    CompletableFuture<Ended> run = world.startedRun();

    assertThat(world.command("cancel", "shop/web").as(Exit.DONE).text())
        .isEqualTo("shop/web: the cancel is recorded.\n");
    world.kubevirt.runUntil(
        "web is cancelled", () -> world.command("status").text().contains("CANCELLED"));
    world.world.target().release(Switch.HOLD_RUNNING);

    assertThat(run.get().as(Exit.NOT_DONE).text()).containsPattern("shop/web +CANCELLED");
    assertThat(world.command("status").as(Exit.NOT_DONE).text())
        .containsPattern("shop/db +SUCCEEDED");
    assertThat(world.kubevirt.guest(Side.SOURCE, "shop", "web").isReady()).isTrue();
    assertThat(world.kubevirt.guest(Side.TARGET, "shop", "db-moved").isReady()).isTrue();
    assertThat(world.kubevirt.oracles().violations()).isEmpty();
  }

  @Test
  void aCancelThatNobodySawIsCarriedOutByTheNextRunOfThatNumber() throws IOException {
    world.command("cancel").as(Exit.DONE);
    assertThat(world.command("status").as(Exit.DONE).text()).contains("a cancel is recorded");

    assertThat(world.command("run").as(Exit.NOT_DONE).text())
        .containsPattern("shop/web +CANCELLED")
        .containsPattern("shop/db +CANCELLED");
    assertThat(world.clusters.requests(Side.TARGET).writes()).isEmpty();

    world.edit("run: 1", "run: 2");
    assertThat(world.command("status").text())
        .contains("this is run '1 to")
        .doesNotContain("a cancel is");
    world.world.target().hold(Switch.HOLD_RUNNING);
    world.startedRun();
  }

  @Test
  void sigtermLeavesEverythingForTheNextStart() throws Exception {
    world.world.target().hold(Switch.HOLD_RUNNING);
    CompletableFuture<Ended> run = world.startedRun();

    new ProcessBuilder("sh", "-c", "kill -TERM " + ProcessHandle.current().pid()).start().waitFor();

    assertThat(run.get().as(Exit.LEFT).text()).contains("the same command goes on from here");
    assertThat(world.command("status").as(Exit.DONE).text()).containsPattern("shop/web +RUNNING");

    world.edit("run: 1", "run: 2");
    assertThat(world.command("run").as(Exit.GAVE_WAY).text())
        .contains("is on its way in run '1 to");
    world.edit("run: 2", "run: 1");
    world.world.target().release(Switch.HOLD_RUNNING);
    world.command("run").as(Exit.DONE);
    assertThat(world.kubevirt.oracles().violations()).isEmpty();
  }

  @Test
  void whatASideIsAndHowItIsReachedMustAgree() throws IOException {
    world.edit("name: west", "name: east");
    assertThat(world.command("run").as(Exit.USAGE).text())
        .contains("target.name: source and target are two");

    world.edit("kubeconfig: west.yaml", "kubeconfig: east.yaml, context: nobody");
    assertThat(world.command("run").as(Exit.USAGE).text())
        .contains("target.context: the kubeconfig has no");
  }

  @Test
  void aClusterThatDoesNotAnswerIsExplained() throws IOException {
    world.clusters.close();

    assertThat(world.command("status").as(Exit.NOT_DONE).text())
        .contains("Could not list", "because: ");
  }

  @Test
  void anInterruptFromTheKeyboardCancelsEveryMachine() throws Exception {
    world.world.target().hold(Switch.HOLD_RUNNING);
    try (Session session = Session.open(PlanFile.read(world.plan))) {
      CompletableFuture<Exit> ended = new CompletableFuture<>();
      CompletableFuture<Run> running = new CompletableFuture<>();
      new Thread(
              () -> {
                running.complete(new Run(session, world.screen(), CommandWorld.LOOK));
                ended.complete(running.join().run(false));
              },
              "run")
          .start();
      world.untilBothWait();

      running.get().cancel();

      assertThat(ended.get()).isEqualTo(Exit.NOT_DONE);
    }
    assertThat(world.command("status").as(Exit.NOT_DONE).text())
        .containsPattern("shop/web +CANCELLED")
        .containsPattern("shop/db +CANCELLED");
  }
}
