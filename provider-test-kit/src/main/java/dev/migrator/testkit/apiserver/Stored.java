package dev.migrator.testkit.apiserver;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One version of one object. It never changes, so it is handed around without copying. */
final class Stored {

  final ResourceType type;
  final Map<String, Object> tree;
  final String namespace;
  final String name;
  final String uid;
  final long version;
  private @Nullable String json;

  /** Takes the tree over: nobody may change it from now on. */
  Stored(ResourceType type, Map<String, Object> tree) {
    this.type = type;
    this.tree = tree;
    Map<String, Object> metadata = Json.metadata(tree);
    this.namespace = Json.text(metadata, "namespace");
    this.name = Json.text(metadata, "name");
    this.uid = Json.text(metadata, "uid");
    this.version = Long.parseLong(Json.text(metadata, "resourceVersion"));
  }

  Map<String, Object> metadata() {
    return Json.metadata(tree);
  }

  boolean isBeingDeleted() {
    return metadata().containsKey("deletionTimestamp");
  }

  List<Object> finalizers() {
    return Json.list(metadata(), "finalizers");
  }

  /** Returns the object as text in a served version. */
  synchronized String json(String apiVersionName) {
    if (!apiVersionName.equals(type.versions().get(0))) {
      Map<String, Object> other = new LinkedHashMap<>(tree);
      other.put("apiVersion", type.apiVersion(apiVersionName));
      return Json.write(other);
    }
    String text = json;
    if (text == null) {
      text = Json.write(tree);
      json = text;
    }
    return text;
  }

  /** Returns the same object with another version, as the last word of a deletion has it. */
  Stored withVersion(long newVersion) {
    Map<String, Object> copy = new LinkedHashMap<>(tree);
    Map<String, Object> metadata = new LinkedHashMap<>(metadata());
    metadata.put("resourceVersion", Long.toString(newVersion));
    copy.put("metadata", metadata);
    return new Stored(type, copy);
  }
}
