package dev.migrator.kubevirt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the spec of a machine that has arrived may differ from that of its source, and no more. */
enum SpecDifference {
  RUN_STRATEGY("spec.runStrategy", "running|runStrategy"),
  DATA_VOLUME_TEMPLATES("spec.dataVolumeTemplates", "dataVolumeTemplates.*"),
  UPDATE_VOLUMES_STRATEGY("spec.updateVolumesStrategy", "updateVolumesStrategy"),
  INSTANCETYPE("spec.instancetype", "instancetype.*"),
  PREFERENCE("spec.preference", "preference.*"),
  OUR_LABELS("spec.template.metadata.labels", "template\\.metadata\\.labels\\.migrator\\.dev/.*"),
  PCI_ANNOTATIONS(
      "spec.template.metadata.annotations",
      "template\\.metadata\\.annotations\\.kubevirt\\.io/pci-.*"),
  IMAGE("volumes[].containerDisk.image", "template\\.spec\\.volumes\\[.*]\\.containerDisk\\.image"),
  KERNEL_IMAGE(
      "domain.firmware.kernelBoot.container.image",
      "template\\.spec\\.domain\\.firmware\\.kernelBoot\\.container\\.image"),
  AS_IT_RUNS("spec.template.spec", "template\\.spec\\..*");

  private static final Pattern DIGEST = Pattern.compile("[^@]+@sha256:[0-9a-f]{64}");

  private final String field;
  private final Pattern path;

  SpecDifference(String field, String path) {
    this.field = field;
    this.path = Pattern.compile(path);
  }

  /** The field as the documents call it. */
  String field() {
    return field;
  }

  /**
   * The differences that are not documented.
   *
   * @param source the spec of the source before the move
   * @param target the spec of the target after the move
   * @param running the instance of the source before the move
   */
  static List<String> undocumented(
      Map<String, Object> source, Map<String, Object> target, VmiView running) {
    Map<String, Object> before = leaves(source);
    Map<String, Object> after = leaves(target);
    Map<String, Object> runs = asItRuns(running);
    TreeSet<String> paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    List<String> found = new ArrayList<>();
    for (String path : paths) {
      Object was = before.get(path);
      Object is = after.get(path);
      if (!Objects.equals(was, is) && !isDocumented(path, was, is, runs.get(path))) {
        found.add(path + " was " + was + " and is " + is);
      }
    }
    return found;
  }

  private static boolean isDocumented(
      String path, @Nullable Object was, @Nullable Object is, @Nullable Object runs) {
    for (SpecDifference each : values()) {
      if (each.path.matcher(path).matches()) {
        return switch (each) {
          case RUN_STRATEGY -> true;
          case DATA_VOLUME_TEMPLATES, UPDATE_VOLUMES_STRATEGY, INSTANCETYPE, PREFERENCE ->
              is == null;
          case OUR_LABELS -> was == null;
          case IMAGE, KERNEL_IMAGE -> is != null && DIGEST.matcher(is.toString()).matches();
          case PCI_ANNOTATIONS, AS_IT_RUNS -> is == null ? was == EMPTY : is.equals(runs);
        };
      }
    }
    return false;
  }

  /** What the instance runs with, at the places at which a template says so. */
  private static Map<String, Object> asItRuns(VmiView running) {
    Map<String, Object> spec = Tree.copy(running.spec());
    Tree.putIfPresent(spec, Identity.machineType(running), "domain", "machine", "type");
    Map<String, String> macs = Identity.macs(running);
    for (Map<String, Object> nic : Tree.maps(spec, "domain", "devices", "interfaces")) {
      nic.put("macAddress", macs.get(String.valueOf(nic.get("name"))));
    }
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("annotations", new LinkedHashMap<>(running.annotations()));
    return leaves(Map.of("template", Map.of("spec", spec, "metadata", metadata)));
  }

  private static final Object EMPTY = "nothing in it";

  /** Each value by its path; elements of a list by their name where they have one. */
  private static Map<String, Object> leaves(Map<String, Object> tree) {
    Map<String, Object> leaves = new LinkedHashMap<>();
    walk("", tree, leaves);
    return leaves;
  }

  private static void walk(String path, @Nullable Object value, Map<String, Object> leaves) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach((key, each) -> walk(path.isEmpty() ? "" + key : path + "." + key, each, leaves));
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      for (int i = 0; i < list.size(); i++) {
        String name = Tree.text(list.get(i), "name").orElse(Integer.toString(i));
        walk(path + "[" + name + "]", list.get(i), leaves);
      }
    } else if (value != null) {
      leaves.put(path, value instanceof Map || value instanceof List ? EMPTY : value);
    }
  }
}
