package dev.migrator.testkit.apiserver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Custom resource definitions: storing one makes its kind known. */
final class Definitions {

  private Definitions() {}

  static void learn(ResourceTypes types, Stored stored) {
    if (!stored.type.is("apiextensions.k8s.io", "customresourcedefinitions")) {
      return;
    }
    Map<String, Object> spec = Json.map(stored.tree, "spec");
    Map<String, Object> names = Json.map(spec, "names");
    List<String> versions = new ArrayList<>();
    boolean status = false;
    for (Object each : Json.list(spec, "versions")) {
      Map<String, Object> version = each instanceof Map<?, ?> map ? Json.tree(map) : Map.of();
      if (Boolean.TRUE.equals(version.get("storage"))) {
        versions.add(0, Json.text(version, "name"));
        status = Json.map(version, "subresources").containsKey("status");
      } else {
        versions.add(Json.text(version, "name"));
      }
    }
    types.add(
        new ResourceType(
            Json.text(spec, "group"),
            List.copyOf(versions),
            Json.text(names, "plural"),
            Json.text(names, "kind"),
            Json.text(spec, "scope").equals("Namespaced"),
            true,
            status));
  }
}
