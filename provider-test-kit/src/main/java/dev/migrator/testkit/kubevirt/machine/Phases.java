package dev.migrator.testkit.kubevirt.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The list of phase transitions that KubeVirt keeps in a status. */
public final class Phases {
  private static final String LIST = "status.phaseTransitionTimestamps";

  private Phases() {}

  /** Appends a transition. */
  public static void note(Thing thing, String phase, String now) {
    List<Map<String, Object>> list = new ArrayList<>(thing.maps(LIST));
    list.add(Json.object("phase", phase, "phaseTransitionTimestamp", now));
    thing.set(LIST, list);
  }
}
