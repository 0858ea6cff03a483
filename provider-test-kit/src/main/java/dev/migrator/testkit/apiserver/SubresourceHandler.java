package dev.migrator.testkit.apiserver;

import dev.migrator.model.Side;
import java.util.Map;

/**
 * Answers requests to a subresource that storage alone cannot answer, as an aggregated API server
 * does. Called on the thread that carries the request, outside every lock of the server.
 */
@FunctionalInterface
public interface SubresourceHandler {

  /**
   * Handles one request.
   *
   * @param call the request
   * @return the object that the caller gets, a JSON tree
   * @throws AdmissionDenied to answer with an error instead
   */
  Map<String, Object> handle(Request call);

  /**
   * One request to a subresource.
   *
   * @param side the cluster
   * @param verb what it asks for
   * @param namespace the namespace, empty for cluster-scoped objects
   * @param name the object's name
   * @param body the body's JSON tree, empty where there is none
   */
  record Request(Side side, Verb verb, String namespace, String name, Map<String, Object> body) {}
}
