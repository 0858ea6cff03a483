package dev.migrator.testkit.apiserver;

import java.util.LinkedHashMap;
import java.util.Map;

/** Opening a watch: from now, from a version, or with the objects that exist first. */
final class Watching {

  private final Core core;

  Watching(Core core) {
    this.core = core;
  }

  /** Opens a watch; called with the storage locked, so that no change falls between. */
  WatchStream open(ApiRequest request, ResourceType type, Call call, WatchStream.Sink sink) {
    String fields = call.parameter("fieldSelector");
    if (!request.name().isEmpty()) {
      fields = "metadata.name=" + request.name() + (fields.isEmpty() ? "" : "," + fields);
    }
    WatchStream stream =
        new WatchStream(
            type,
            request.namespace(),
            request.version(),
            call.flag("allowWatchBookmarks"),
            call.caller().counted(),
            Selectors.of(type, call.parameter("labelSelector"), fields),
            sink);
    String from = call.parameter("resourceVersion");
    boolean initial = call.flag("sendInitialEvents");
    if (initial || from.isEmpty() || from.equals("0")) {
      for (Stored stored : core.storage.list(type, request.namespace())) {
        if (stream.selects(stored)) {
          stream.offer(Change.frame("ADDED", stored, request.version()));
        }
      }
      if (initial) {
        stream.offer(bookmark(stream, Map.of("k8s.io/initial-events-end", "true")));
      }
      core.open(stream);
    } else {
      resume(stream, version(from));
    }
    core.delivering(stream);
    return stream;
  }

  private void resume(WatchStream stream, long from) {
    if (from < core.storage.forgotten()) {
      ApiException expired =
          new ApiException(
              410,
              "Expired",
              "too old resource version: " + from + " (" + core.storage.forgotten() + ")");
      stream.offer(Change.frame("ERROR", Json.write(expired.status())));
      stream.end();
      return;
    }
    core.storage.since(from).forEach(stream::offer);
    core.open(stream);
  }

  /** Returns the frame that tells how far a watch is. */
  String bookmark(WatchStream stream, Map<String, String> annotations) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("resourceVersion", Long.toString(core.storage.version()));
    metadata.put("creationTimestamp", null);
    if (!annotations.isEmpty()) {
      metadata.put("annotations", annotations);
    }
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("kind", stream.type.kind());
    object.put("apiVersion", stream.type.apiVersion(stream.apiVersion));
    object.put("metadata", metadata);
    return Change.frame("BOOKMARK", Json.write(object));
  }

  private static long version(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException malformed) {
      throw ApiException.badRequest("invalid resource version: " + text);
    }
  }
}
