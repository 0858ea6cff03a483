package dev.migrator.testkit.kubevirt.node;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a VMI's status shows once its guest runs. */
final class Guests {
  private static final String MACHINE = "pc-q35-rhel9.6.0";

  static final String PAUSED_BY_USER = "PausedByUser";

  private Guests() {}

  static void pause(Thing copy, String now) {
    Conditions.set(copy, "Paused", "True", PAUSED_BY_USER, "VMI was paused by user", now);
  }

  static void running(Site site, Thing copy) {
    Vmis.enter(copy, "Running", site.now());
    Migratability.judge(copy, site.now());
    Conditions.set(copy, "AgentConnected", "True", "", "", site.now());
    String type = copy.text("spec.domain.machine.type");
    copy.set("status.selinuxContext", "none")
        .set(
            "status.machine",
            Json.object("type", type.isEmpty() || type.equals("q35") ? MACHINE : type))
        .set("status.interfaces", interfaces(copy));
    String memory = copy.text("spec.domain.memory.guest");
    if (memory.isEmpty()) {
      memory = copy.text("spec.domain.resources.requests.memory");
    }
    if (!memory.isEmpty()) {
      copy.set(
          "status.memory",
          Json.object("guestAtBoot", memory, "guestCurrent", memory, "guestRequested", memory));
    }
    Map<String, Object> cpu = copy.map("spec.domain.cpu");
    copy.set(
        "status.currentCPUTopology",
        Json.object(
            "cores", cpu.getOrDefault("cores", 1),
            "sockets", cpu.getOrDefault("sockets", 1),
            "threads", cpu.getOrDefault("threads", 1)));
  }

  private static List<Map<String, Object>> interfaces(Thing copy) {
    List<Map<String, Object>> interfaces = new ArrayList<>();
    int index = 0;
    for (Map<String, Object> each : copy.maps("spec.domain.devices.interfaces")) {
      String name = Json.text(each, "name");
      String mac = Json.text(each, "macAddress");
      interfaces.add(
          Json.object(
              "name",
              name,
              "mac",
              mac.isEmpty() ? drawn(copy.uid() + name) : mac,
              "infoSource",
              "domain, guest-agent",
              "ipAddress",
              "10.0.2.2",
              "ipAddresses",
              List.of("10.0.2.2"),
              "queueCount",
              1,
              "podInterfaceName",
              "eth" + index++));
    }
    return interfaces;
  }

  /** A launcher draws an address where the spec has none: another for every launch. */
  private static String drawn(String seed) {
    Random random = new Random(seed.hashCode());
    StringBuilder mac = new StringBuilder("02");
    for (int i = 0; i < 5; i++) {
      mac.append(":%02x".formatted(random.nextInt(256)));
    }
    return mac.toString();
  }
}
