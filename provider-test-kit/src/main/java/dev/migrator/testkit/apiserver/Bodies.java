package dev.migrator.testkit.apiserver;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a body belongs to the path it was sent to. */
final class Bodies {

  private Bodies() {}

  static void checkKind(ResourceType type, String version, Map<String, Object> tree) {
    String kind = Json.text(tree, "kind");
    String apiVersion = Json.text(tree, "apiVersion");
    if (type.custom() && (kind.isEmpty() || apiVersion.isEmpty())) {
      throw ApiException.badRequest("Object 'Kind' or 'apiVersion' is missing");
    }
    if (type.custom() && !kind.equals(type.kind())) {
      throw ApiException.invalid(
          type,
          Json.text(Json.metadata(tree), "name"),
          "kind: Invalid value: \"" + kind + "\": must be " + type.kind());
    }
    if ((!kind.isEmpty() && !kind.equals(type.kind()))
        || (!apiVersion.isEmpty() && !apiVersion.equals(type.apiVersion(version)))) {
      throw ApiException.badRequest(
          "the API version in the data ("
              + apiVersion
              + ", kind "
              + kind
              + ") does not match the expected "
              + type.apiVersion(version)
              + ", kind "
              + type.kind());
    }
  }

  static void checkNamespace(ResourceType type, String namespace, Map<String, Object> metadata) {
    String said = Json.text(metadata, "namespace");
    if (!said.isEmpty() && !said.equals(namespace)) {
      throw ApiException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    Json.set(metadata, "namespace", type.namespaced() ? namespace : null);
  }

  static void checkName(String name, Map<String, Object> metadata) {
    String said = Json.text(metadata, "name");
    if (!said.isEmpty() && !said.equals(name)) {
      throw ApiException.badRequest(
          "the name of the object ("
              + said
              + ") does not match the name on the URL ("
              + name
              + ")");
    }
    metadata.put("name", name);
  }

  /** Checks uid and resourceVersion, of a body or of delete preconditions, where they are given. */
  static void checkPreconditions(Stored stored, Map<String, Object> wanted, boolean deletion) {
    String uid = Json.text(wanted, "uid");
    if (!uid.isEmpty() && !uid.equals(stored.uid)) {
      throw ApiException.conflict(
          stored.type,
          stored.name,
          "Precondition failed: UID in precondition: "
              + uid
              + ", UID in object meta: "
              + stored.uid);
    }
    checkVersion(stored, wanted, deletion);
  }

  static void checkVersion(Stored stored, Map<String, Object> wanted, boolean deletion) {
    String version = Json.text(wanted, "resourceVersion");
    if (!version.isEmpty()
        && !version.equals("0")
        && !version.equals(Long.toString(stored.version))) {
      if (!deletion) {
        throw ApiException.stale(stored.type, stored.name);
      }
      throw ApiException.conflict(
          stored.type,
          stored.name,
          "Precondition failed: ResourceVersion in precondition: "
              + version
              + ", ResourceVersion in object meta: "
              + stored.version);
    }
  }

  static <T> T require(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("A kind that every server has is missing");
    }
    return value;
  }
}
