package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * KubeVirt's deprecated presets: fill what a new instance that matches leaves open of its domain,
 * unless they contradict it.
 */
final class Presets {
  private static final String EXCLUDED =
      "virtualmachineinstancepresets.admission.kubevirt.io/exclude";
  private static final String APPLIED = "virtualmachinepreset.kubevirt.io/";

  private Presets() {}

  static void apply(Site site, Thing vmi) {
    if ("true".equals(vmi.annotation(EXCLUDED))) {
      return;
    }
    for (Thing preset : site.store().fetchAll(Kind.PRESET, vmi.namespace())) {
      Map<String, Object> domain = preset.map("spec.domain");
      Map<String, Object> own = vmi.map("spec.domain");
      if (matches(preset, vmi) && !contradicts(domain, own)) {
        vmi.set("spec.domain", merged(domain, own))
            .annotation(APPLIED + preset.name(), "kubevirt.io/v1");
      }
    }
  }

  private static boolean matches(Thing preset, Thing vmi) {
    return preset.map("spec.selector.matchLabels").entrySet().stream()
        .allMatch(wanted -> vmi.label(wanted.getKey()).equals(wanted.getValue()));
  }

  private static boolean contradicts(Map<String, Object> preset, Map<String, Object> own) {
    for (Map.Entry<String, Object> entry : preset.entrySet()) {
      Object mine = own.get(entry.getKey());
      boolean differs =
          entry.getValue() instanceof Map<?, ?>
              ? contradicts(Json.map(entry.getValue()), Json.map(mine))
              : mine != null && !mine.equals(entry.getValue());
      if (differs) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, Object> merged(Map<String, Object> preset, Map<String, Object> own) {
    Map<String, Object> merged = new LinkedHashMap<>(own);
    preset.forEach(
        (key, value) ->
            merged.put(
                key,
                value instanceof Map<?, ?>
                    ? merged(Json.map(value), Json.map(own.get(key)))
                    : Thing.copyOf(value)));
    return merged;
  }
}
