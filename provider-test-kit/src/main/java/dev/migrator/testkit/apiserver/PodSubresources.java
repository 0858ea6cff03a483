package dev.migrator.testkit.apiserver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Binding and eviction of pods. */
final class PodSubresources {

  private static final Caller CALLER = Caller.controller("pod-subresources");

  private final Core core;
  private final Removal removal;

  PodSubresources(Core core, Removal removal) {
    this.core = core;
    this.removal = removal;
  }

  void registerIn(Subresources subresources) {
    subresources.register("", "pods", "eviction", this::evict);
    subresources.register("", "pods", "binding", this::bind);
  }

  private Map<String, Object> evict(SubresourceHandler.Request request) {
    core.lock.lock();
    try {
      removal.deleteAs(CALLER, pod(request));
    } finally {
      core.lock.unlock();
    }
    return success();
  }

  private Map<String, Object> bind(SubresourceHandler.Request request) {
    core.lock.lock();
    try {
      Stored pod = pod(request);
      Map<String, Object> tree = Json.copyTree(pod.tree);
      Json.ensureMap(tree, "spec")
          .put("nodeName", Json.text(Json.map(request.body(), "target"), "name"));
      Map<String, Object> scheduled = new LinkedHashMap<>();
      scheduled.put("type", "PodScheduled");
      scheduled.put("status", "True");
      scheduled.put("lastTransitionTime", core.now());
      Map<String, Object> status = Json.ensureMap(tree, "status");
      List<Object> conditions = new ArrayList<>(Json.list(status, "conditions"));
      conditions.removeIf(
          each -> each instanceof Map<?, ?> map && "PodScheduled".equals(map.get("type")));
      conditions.add(scheduled);
      status.put("conditions", conditions);
      core.put(pod.type, tree);
    } finally {
      core.lock.unlock();
    }
    return success();
  }

  private Stored pod(SubresourceHandler.Request request) {
    ResourceType pods = Bodies.require(core.types.find("", "v1", "pods"));
    Stored pod = core.storage.get(pods, request.namespace(), request.name());
    if (pod == null) {
      throw ApiException.notFound(pods, request.name());
    }
    return pod;
  }

  private static Map<String, Object> success() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("kind", "Status");
    status.put("apiVersion", "v1");
    status.put("status", "Success");
    status.put("code", 201);
    return status;
  }
}
