package dev.migrator.testkit.apiserver;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules that hold for every kind, and the immutable fields that migrations run into. */
final class Validation {

  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern QUALIFIED =
      Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
  private static final Set<String> NAMED_BY_LABEL = Set.of("/namespaces", "/services");

  /** What the server gave an object for life. */
  static final Set<String> IMMUTABLE =
      Set.of("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds");

  private static final Set<String> POD_FREE =
      Set.of("activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds");

  private Validation() {}

  static void check(ResourceType type, Map<String, Object> tree) {
    Map<String, Object> metadata = Json.metadata(tree);
    String name = Json.text(metadata, "name");
    if (name.isEmpty()) {
      throw ApiException.invalid(
          type, "", "metadata.name: Required value: name or generateName is required");
    }
    if (!isName(type, name)) {
      throw ApiException.invalid(
          type,
          name,
          "metadata.name: Invalid value: \""
              + name
              + "\": a lowercase RFC 1123 name must consist of lower case alphanumeric characters,"
              + " '-' or '.', and must start and end with an alphanumeric character");
    }
    Json.map(metadata, "labels")
        .forEach(
            (key, value) -> {
              checkKey(type, name, "labels", key);
              String text = String.valueOf(value);
              if (text.length() > 63 || (!text.isEmpty() && !QUALIFIED.matcher(text).matches())) {
                throw ApiException.invalid(
                    type,
                    name,
                    "metadata.labels: Invalid value: \""
                        + text
                        + "\": a valid label must be an empty string or consist of alphanumeric"
                        + " characters, '-', '_' or '.', at most 63");
              }
            });
    Json.map(metadata, "annotations")
        .keySet()
        .forEach(key -> checkKey(type, name, "annotations", key));
    for (Object reference : Json.list(metadata, "ownerReferences")) {
      Map<String, Object> owner = reference instanceof Map<?, ?> map ? Json.tree(map) : Map.of();
      for (String field : List.of("apiVersion", "kind", "name", "uid")) {
        if (Json.text(owner, field).isEmpty()) {
          throw ApiException.invalid(
              type, name, "metadata.ownerReferences." + field + ": must not be empty");
        }
      }
    }
  }

  /** What may not change from one version to the next. */
  static void checkChange(ResourceType type, Stored old, Map<String, Object> tree) {
    if (old.isBeingDeleted()) {
      for (Object finalizer : Json.list(Json.metadata(tree), "finalizers")) {
        if (!old.finalizers().contains(finalizer)) {
          throw ApiException.invalid(
              type,
              old.name,
              "metadata.finalizers: Forbidden: no new finalizers can be added if the object is"
                  + " being deleted, found new finalizers []string{\""
                  + finalizer
                  + "\"}");
        }
      }
    }
    boolean frozen = Boolean.TRUE.equals(old.tree.get("immutable"));
    switch (type.key()) {
      case "/secrets" -> {
        require(JsonPatch.same(old.tree.get("type"), tree.get("type")), type, old, "type");
        require(!frozen || sameData(old, tree), type, old, "data");
      }
      case "/configmaps" -> require(!frozen || sameData(old, tree), type, old, "data");
      case "apps/controllerrevisions" ->
          require(JsonPatch.same(old.tree.get("data"), tree.get("data")), type, old, "data");
      case "/pods" -> require(JsonPatch.same(pod(old.tree), pod(tree)), type, old, "spec");
      case "/persistentvolumeclaims" ->
          require(
              JsonPatch.same(
                  claim(old.tree, Json.map(old.tree, "spec")),
                  claim(tree, Json.map(old.tree, "spec"))),
              type,
              old,
              "spec");
      default -> {}
    }
  }

  private static boolean sameData(Stored old, Map<String, Object> tree) {
    return JsonPatch.same(old.tree.get("data"), tree.get("data"))
        && JsonPatch.same(old.tree.get("binaryData"), tree.get("binaryData"))
        && Boolean.TRUE.equals(tree.get("immutable"));
  }

  /** A claim's spec without what may change: its size, and the volume while it has none. */
  private static Object claim(Map<String, Object> tree, Map<String, Object> before) {
    Map<String, Object> spec = Json.copyTree(Json.map(tree, "spec"));
    spec.remove("resources");
    spec.remove("volumeAttributesClassName");
    if (Json.text(before, "volumeName").isEmpty()) {
      spec.remove("volumeName");
    }
    if (Json.text(before, "storageClassName").isEmpty()) {
      spec.remove("storageClassName");
    }
    return spec;
  }

  /** A pod's spec without what may change: images and a few numbers; a node comes by binding. */
  private static Object pod(Map<String, Object> tree) {
    Map<String, Object> spec = Json.copyTree(Json.map(tree, "spec"));
    POD_FREE.forEach(spec::remove);
    for (String field : List.of("containers", "initContainers")) {
      for (Object container : Json.list(spec, field)) {
        if (container instanceof Map<?, ?> map) {
          map.remove("image");
        }
      }
    }
    return spec;
  }

  private static void require(boolean holds, ResourceType type, Stored old, String field) {
    if (!holds) {
      throw ApiException.invalid(
          type, old.name, field + ": Forbidden: field is immutable after creation");
    }
  }

  private static boolean isName(ResourceType type, String name) {
    if (type.group().equals("rbac.authorization.k8s.io")) {
      return !name.contains("/") && !name.contains("%");
    }
    return NAMED_BY_LABEL.contains(type.key())
        ? name.length() <= 63 && LABEL.matcher(name).matches()
        : name.length() <= 253 && SUBDOMAIN.matcher(name).matches();
  }

  private static void checkKey(ResourceType type, String name, String field, String key) {
    int slash = key.indexOf('/');
    String last = key.substring(slash + 1);
    boolean prefixed = slash < 0 || SUBDOMAIN.matcher(key.substring(0, slash)).matches();
    if (!prefixed || last.length() > 63 || !QUALIFIED.matcher(last).matches()) {
      throw ApiException.invalid(
          type,
          name,
          "metadata." + field + ": Invalid value: \"" + key + "\": not a qualified name");
    }
  }
}
