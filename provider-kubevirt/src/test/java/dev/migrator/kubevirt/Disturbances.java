package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.Role;
import dev.migrator.testkit.kubevirt.world.Switch;
import dev.migrator.testkit.kubevirt.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Breaks things in real time: in the simulated world, or by a program that knows a test bed. */
interface Disturbances {

  /**
   * Names a program that breaks and mends existing clusters. It is called with one of
   *
   * <pre>
   * hold|release source|target SWITCH NAMESPACE      (a constant of the simulator's Switch)
   * cut|heal                                         the line between the synchronization controllers
   * restart-sync|sync-down|sync-up|replace-sync-pod source|target
   * </pre>
   *
   * and ends with 0 when it did so; anything else says that it cannot, and skips the scenario.
   */
  String PROGRAM = "migrator.disturb";

  void hold(Side side, Switch which, String namespace, boolean on);

  void cutLink(boolean cut, String namespace);

  void restartSync(Side side, String namespace);

  void syncDown(Side side, boolean down, String namespace);

  void replaceSyncPod(Side side);

  /** Whether cuts, restarts and stops concern one namespace alone. */
  boolean isScoped();

  /** The world where its actors are played, else the program. */
  static Disturbances of(World world, Set<Role> roles) {
    return roles.contains(Role.SYNCHRONIZATION_CONTROLLER)
        ? new Simulated(world)
        : new Real(world, roles.contains(Role.HANDLER));
  }

  /** Turns the knobs of the simulated world. */
  record Simulated(World world) implements Disturbances {

    @Override
    public void hold(Side side, Switch which, String namespace, boolean on) {
      if (on) {
        world.side(side).hold(which, namespace);
      } else {
        world.side(side).release(which, namespace);
      }
    }

    @Override
    public void cutLink(boolean cut, String namespace) {
      world.cutLink(cut, namespace);
    }

    @Override
    public void restartSync(Side side, String namespace) {
      world.side(side).restartSync(namespace);
    }

    @Override
    public void syncDown(Side side, boolean down, String namespace) {
      world.side(side).syncDown(down, namespace);
    }

    @Override
    public void replaceSyncPod(Side side) {
      world.side(side).replaceSyncPod();
    }

    @Override
    public boolean isScoped() {
      return true;
    }
  }

  /** Real controllers; their nodes may still be the simulator's. */
  record Real(World world, boolean playsNodes) implements Disturbances {

    @Override
    public void hold(Side side, Switch which, String namespace, boolean on) {
      if (playsNodes) {
        new Simulated(world).hold(side, which, namespace, on);
      } else {
        call(on ? "hold" : "release", name(side), which.name(), namespace);
      }
    }

    @Override
    public void cutLink(boolean cut, String namespace) {
      call(cut ? "cut" : "heal");
    }

    @Override
    public void restartSync(Side side, String namespace) {
      call("restart-sync", name(side));
    }

    @Override
    public void syncDown(Side side, boolean down, String namespace) {
      call(down ? "sync-down" : "sync-up", name(side));
    }

    @Override
    public void replaceSyncPod(Side side) {
      call("replace-sync-pod", name(side));
    }

    @Override
    public boolean isScoped() {
      return false;
    }

    private static String name(Side side) {
      return side.name().toLowerCase(Locale.ROOT);
    }

    private static void call(String... words) {
      String program = System.getProperty(PROGRAM, "");
      Assumptions.assumeFalse(
          program.isEmpty(), () -> "Nobody here can " + List.of(words) + "; see " + PROGRAM);
      List<String> command = new ArrayList<>(List.of(program));
      command.addAll(List.of(words));
      try {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        boolean done = process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
        Assumptions.assumeTrue(done, () -> "The test bed cannot " + List.of(words) + ": " + said);
      } catch (IOException e) {
        throw new IllegalStateException("Cannot run " + command, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
