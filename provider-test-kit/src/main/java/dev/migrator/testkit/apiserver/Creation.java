package dev.migrator.testkit.apiserver;

import java.util.Map;

/** POST to a collection. */
final class Creation {

  private final Core core;
  private final Collector collector;

  Creation(Core core, Collector collector) {
    this.core = core;
    this.collector = collector;
  }

  Answer create(ApiRequest request, ResourceType type, Call call) {
    if (!request.name().isEmpty() || (type.namespaced() && request.namespace().isEmpty())) {
      return Discovery.notFound();
    }
    Map<String, Object> tree = Json.parse(call.body());
    Bodies.checkKind(type, request.version(), tree);
    tree.put("apiVersion", type.apiVersion(type.versions().get(0)));
    tree.put("kind", type.kind());
    Map<String, Object> metadata = Json.ensureMap(tree, "metadata");
    Bodies.checkNamespace(type, request.namespace(), metadata);
    checkNamespaceExists(type, request.namespace());
    if (!Json.text(metadata, "resourceVersion").isEmpty()) {
      throw new ApiException(500, "", "resourceVersion should not be set on objects to be created");
    }
    if (Json.text(metadata, "name").isEmpty() && !Json.text(metadata, "generateName").isEmpty()) {
      metadata.put("name", core.newName(Json.text(metadata, "generateName")));
    }
    system(type, tree, metadata);
    Defaults.onCreate(type, tree);
    core.review(Verb.CREATE, type, "", tree, null, request.dryRun(), call.caller());
    Validation.check(type, tree);
    String name = Json.text(metadata, "name");
    if (core.storage.get(type, request.namespace(), name) != null) {
      throw ApiException.exists(type, name);
    }
    if (request.dryRun()) {
      return Answer.json(201, Json.write(tree));
    }
    Stored stored = core.put(type, tree);
    Definitions.learn(core.types, stored);
    collector.written(stored);
    return Answer.json(201, stored.json(request.version()));
  }

  /** What the server fills in, whatever the caller sent. */
  private void system(ResourceType type, Map<String, Object> tree, Map<String, Object> metadata) {
    metadata.put("uid", core.newUid());
    metadata.put("creationTimestamp", core.now());
    metadata.remove("deletionTimestamp");
    metadata.remove("deletionGracePeriodSeconds");
    metadata.remove("managedFields");
    metadata.remove("selfLink");
    metadata.remove("generation");
    if (type.countsGenerations()) {
      metadata.put("generation", 1L);
    }
    if (type.status()) {
      tree.remove("status");
    }
  }

  private void checkNamespaceExists(ResourceType type, String namespace) {
    if (!type.namespaced()) {
      return;
    }
    ResourceType namespaces = Bodies.require(core.types.find("", "v1", "namespaces"));
    Stored stored = core.storage.get(namespaces, "", namespace);
    if (stored == null) {
      throw ApiException.notFound(namespaces, namespace);
    }
    if (stored.isBeingDeleted()) {
      throw new ApiException(
          403,
          "Forbidden",
          "unable to create new content in namespace "
              + namespace
              + " because it is being terminated");
    }
  }
}
