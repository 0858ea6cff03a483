package dev.migrator.testkit.apiserver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The paths that tell what the server is and knows. */
final class Discovery {

  private static final List<Object> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  private final ResourceTypes types;

  Discovery(ResourceTypes types) {
    this.types = types;
  }

  Answer answer(String path) {
    String[] parts = path.substring(1).split("/", -1);
    return switch (parts[0]) {
      case "healthz", "livez", "readyz" -> Answer.text(200, "ok");
      case "version" ->
          Answer.json(
              200,
              "{\"major\":\"1\",\"minor\":\"36\",\"gitVersion\":\"v1.36.3\","
                  + "\"platform\":\"embedded\"}");
      case "api" ->
          parts.length == 1
              ? Answer.json(200, "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}")
              : resources("", parts[1]);
      case "apis" ->
          parts.length == 1
              ? Answer.json(200, Json.write(groups()))
              : parts.length == 2 ? group(parts[1]) : resources(parts[1], parts[2]);
      default -> notFound();
    };
  }

  static Answer notFound() {
    return Answer.text(404, "404 page not found\n");
  }

  private Map<String, Object> groups() {
    Set<String> names = new LinkedHashSet<>();
    types.all().stream()
        .map(ResourceType::group)
        .filter(name -> !name.isEmpty())
        .forEach(names::add);
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("kind", "APIGroupList");
    list.put("apiVersion", "v1");
    list.put("groups", names.stream().map(this::groupTree).toList());
    return list;
  }

  private Answer group(String name) {
    return types.all().stream().anyMatch(type -> type.group().equals(name))
        ? Answer.json(200, Json.write(groupTree(name)))
        : notFound();
  }

  private Map<String, Object> groupTree(String name) {
    Set<String> versions = new LinkedHashSet<>();
    types.all().stream()
        .filter(type -> type.group().equals(name))
        .forEach(type -> versions.addAll(type.versions()));
    List<Map<String, String>> entries =
        versions.stream()
            .map(version -> Map.of("groupVersion", name + "/" + version, "version", version))
            .toList();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("kind", "APIGroup");
    tree.put("apiVersion", "v1");
    tree.put("name", name);
    tree.put("versions", entries);
    tree.put("preferredVersion", entries.get(0));
    return tree;
  }

  private Answer resources(String group, String version) {
    List<Object> resources = new ArrayList<>();
    for (ResourceType type : types.all()) {
      if (type.group().equals(group) && type.versions().contains(version)) {
        resources.add(resource(type.plural(), type));
        if (type.status()) {
          resources.add(resource(type.plural() + "/status", type));
        }
      }
    }
    if (resources.isEmpty()) {
      return notFound();
    }
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("kind", "APIResourceList");
    list.put("apiVersion", "v1");
    list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
    list.put("resources", resources);
    return Answer.json(200, Json.write(list));
  }

  private static Map<String, Object> resource(String name, ResourceType type) {
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("name", name);
    resource.put("singularName", type.kind().toLowerCase(Locale.ROOT));
    resource.put("namespaced", type.namespaced());
    resource.put("kind", type.kind());
    resource.put("verbs", name.contains("/") ? List.of("get", "patch", "update") : VERBS);
    return resource;
  }
}
