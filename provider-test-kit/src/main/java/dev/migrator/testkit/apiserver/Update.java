package dev.migrator.testkit.apiserver;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** PUT and PATCH of one object or of its status. */
final class Update {

  private static final String STATUS = "status";
  private static final Set<String> KEPT =
      Set.of("generation", "resourceVersion", "generateName", "namespace");

  private final Core core;
  private final Collector collector;
  private final Removal removal;

  Update(Core core, Collector collector) {
    this.core = core;
    this.collector = collector;
    this.removal = collector.removal();
  }

  Answer put(ApiRequest request, ResourceType type, Call call) {
    Map<String, Object> body = Json.parse(call.body());
    Bodies.checkKind(type, request.version(), body);
    Map<String, Object> metadata = Json.ensureMap(body, "metadata");
    Bodies.checkNamespace(type, request.namespace(), metadata);
    Bodies.checkName(request.name(), metadata);
    Stored old = existing(request, type);
    if (type.custom() && Json.text(metadata, "resourceVersion").isEmpty()) {
      throw ApiException.invalid(
          type,
          request.name(),
          "metadata.resourceVersion: Invalid value: 0: must be specified for an update");
    }
    Bodies.checkPreconditions(old, metadata, false);
    return write(request, old, body, call.caller());
  }

  Answer patch(ApiRequest request, ResourceType type, Call call) {
    Stored old = existing(request, type);
    Map<String, Object> copy = Json.copyTree(old.tree);
    copy.put("apiVersion", type.apiVersion(request.version()));
    Object patched =
        switch (call.contentType()) {
          case "application/json-patch+json" -> JsonPatch.apply(copy, Json.parseArray(call.body()));
          case "application/merge-patch+json" -> MergePatch.apply(copy, Json.parse(call.body()));
          case "application/strategic-merge-patch+json" -> strategic(type, copy, call.body());
          default -> throw unsupported(call.contentType());
        };
    if (!(patched instanceof Map<?, ?> map)) {
      throw ApiException.badRequest("the patch does not leave an object");
    }
    Map<String, Object> tree = Json.tree(map);
    Map<String, Object> metadata = Json.ensureMap(tree, "metadata");
    Bodies.checkKind(type, request.version(), tree);
    Bodies.checkNamespace(type, request.namespace(), metadata);
    Bodies.checkName(request.name(), metadata);
    Bodies.checkVersion(old, metadata, false);
    return write(request, old, tree, call.caller());
  }

  private static Object strategic(ResourceType type, Map<String, Object> copy, String body) {
    if (type.custom()) {
      throw unsupported("application/strategic-merge-patch+json");
    }
    return StrategicPatch.apply(copy, Json.parse(body));
  }

  private static ApiException unsupported(String contentType) {
    return new ApiException(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include:"
            + " application/json-patch+json, application/merge-patch+json (got '"
            + contentType
            + "')");
  }

  private Stored existing(ApiRequest request, ResourceType type) {
    Stored stored = core.storage.get(type, request.namespace(), request.name());
    if (stored == null) {
      throw ApiException.notFound(type, request.name());
    }
    return stored;
  }

  private Answer write(ApiRequest request, Stored old, Map<String, Object> body, Caller caller) {
    ResourceType type = old.type;
    Map<String, Object> tree =
        request.subresource().equals(STATUS) ? onlyStatus(old, body) : allButStatus(old, body);
    tree.put("apiVersion", type.apiVersion(type.versions().get(0)));
    core.review(Verb.UPDATE, type, request.subresource(), tree, old, request.dryRun(), caller);
    Validation.check(type, tree);
    Validation.checkChange(type, old, tree);
    if (JsonPatch.same(old.tree, tree)) {
      return Answer.json(200, old.json(request.version()));
    }
    countGeneration(old, tree);
    if (request.dryRun()) {
      return Answer.json(200, Json.write(tree));
    }
    if (removal.isLastStep(type, tree)) {
      // The removal is the write: a watch sees one event with the object as it was.
      Json.ensureMap(tree, "metadata")
          .put("resourceVersion", Long.toString(core.storage.version()));
      removal.remove(old);
      return Answer.json(200, Json.write(tree));
    }
    Stored stored = core.put(type, tree);
    Definitions.learn(core.types, stored);
    collector.written(stored);
    return Answer.json(200, stored.json(request.version()));
  }

  private static Map<String, Object> onlyStatus(Stored old, Map<String, Object> body) {
    Map<String, Object> tree = Json.copyTree(old.tree);
    Json.set(tree, STATUS, body.get(STATUS));
    return tree;
  }

  private static Map<String, Object> allButStatus(Stored old, Map<String, Object> body) {
    if (old.type.status()) {
      Json.set(body, STATUS, old.tree.get(STATUS));
    }
    Map<String, Object> metadata = Json.ensureMap(body, "metadata");
    metadata.remove("managedFields");
    metadata.remove("selfLink");
    for (String field : Validation.IMMUTABLE) {
      if (metadata.get(field) != null
          && !JsonPatch.same(metadata.get(field), old.metadata().get(field))) {
        throw ApiException.invalid(
            old.type, old.name, "metadata." + field + ": Invalid value: field is immutable");
      }
      Json.set(metadata, field, old.metadata().get(field));
    }
    for (String field : KEPT) {
      Json.set(metadata, field, old.metadata().get(field));
    }
    Defaults.onWrite(old.type, body);
    return body;
  }

  private static void countGeneration(Stored old, Map<String, Object> tree) {
    if (old.type.countsGenerations()
        && !JsonPatch.same(wanted(old.type, old.tree), wanted(old.type, tree))) {
      Object generation = old.metadata().getOrDefault("generation", 1L);
      Json.ensureMap(tree, "metadata").put("generation", ((Number) generation).longValue() + 1);
    }
  }

  /** What the user wants: all but metadata, and but status where that is split off. */
  private static Object wanted(ResourceType type, Map<String, Object> tree) {
    Map<String, Object> rest = new LinkedHashMap<>(tree);
    rest.remove("metadata");
    if (type.status()) {
      rest.remove(STATUS);
    }
    return rest;
  }
}
