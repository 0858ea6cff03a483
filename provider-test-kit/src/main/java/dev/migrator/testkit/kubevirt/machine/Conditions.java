package dev.migrator.testkit.kubevirt.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The conditions of an object's status, edited as KubeVirt's condition manager does. */
public final class Conditions {
  private static final String LIST = "status.conditions";

  private Conditions() {}

  /** The condition of that type, or null. */
  public static @Nullable Map<String, Object> find(Thing thing, String type) {
    return Json.find(thing.maps(LIST), "type", type);
  }

  /** The status of the condition of that type, or empty. */
  public static String status(Thing thing, String type) {
    Map<String, Object> condition = find(thing, type);
    return condition == null ? "" : Json.text(condition, "status");
  }

  /** The reason of the condition of that type, or empty. */
  public static String reason(Thing thing, String type) {
    Map<String, Object> condition = find(thing, type);
    return condition == null ? "" : Json.text(condition, "reason");
  }

  /** Sets a condition; one of the same status and reason is left as it is, message included. */
  public static void set(
      Thing thing, String type, String status, String reason, String message, String now) {
    Map<String, Object> old = find(thing, type);
    if (old != null
        && status.equals(Json.text(old, "status"))
        && reason.equals(Json.text(old, "reason"))) {
      return;
    }
    Map<String, Object> fresh = Json.object("type", type, "status", status);
    if (!reason.isEmpty()) {
      fresh.put("reason", reason);
    }
    if (!message.isEmpty()) {
      fresh.put("message", message);
    }
    fresh.put("lastTransitionTime", now);
    // KubeVirt's JSON patches test the whole list as it writes it: an absent probe time is a null
    Json.setNull(fresh, "lastProbeTime");
    put(thing, fresh);
  }

  /** Sets a condition as it is given. */
  public static void put(Thing thing, Map<String, Object> condition) {
    List<Map<String, Object>> list = new ArrayList<>(thing.maps(LIST));
    String type = Json.text(condition, "type");
    for (int i = 0; i < list.size(); i++) {
      if (type.equals(list.get(i).get("type"))) {
        list.set(i, condition);
        thing.set(LIST, list);
        return;
      }
    }
    list.add(condition);
    thing.set(LIST, list);
  }

  /** Takes a condition away; the list goes with its last one. */
  public static void remove(Thing thing, String type) {
    List<Map<String, Object>> list = new ArrayList<>(thing.maps(LIST));
    if (list.removeIf(condition -> type.equals(condition.get("type")))) {
      thing.set(LIST, list.isEmpty() ? null : list);
    }
  }
}
