package dev.migrator.testkit.apiserver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * Every counted request of one cluster, in the order of arrival.
 *
 * <p>A request is written down when it arrives, whatever its answer; one that a fault answers or
 * drops is in the log too. Safe for use by several threads.
 */
public final class RequestLog {

  private final List<ApiRequest> requests = new ArrayList<>();
  private int lastNumber;

  /** Returns a copy of the requests so far. */
  public synchronized List<ApiRequest> all() {
    return List.copyOf(requests);
  }

  /** Returns the requests so far that match. */
  public List<ApiRequest> matching(Predicate<ApiRequest> which) {
    return all().stream().filter(which).toList();
  }

  /** Returns the lookups: {@code get} and {@code list}. */
  public List<ApiRequest> reads() {
    return matching(request -> request.verb() == Verb.GET || request.verb() == Verb.LIST);
  }

  /** Returns what meant to change something, dry runs and access reviews left out. */
  public List<ApiRequest> writes() {
    return matching(ApiRequest::changes);
  }

  /** Returns the dry runs. */
  public List<ApiRequest> dryRuns() {
    return matching(ApiRequest::dryRun);
  }

  /** Returns the access reviews. */
  public List<ApiRequest> accessReviews() {
    return matching(request -> request.group().equals("authorization.k8s.io"));
  }

  /** Returns the watches that were opened, reopened ones included. */
  public List<ApiRequest> watches() {
    return matching(request -> request.verb() == Verb.WATCH);
  }

  /** Returns how many requests there were by {@code "VERB resource[/subresource]"}, sorted. */
  public Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    for (ApiRequest request : all()) {
      String subresource = request.subresource().isEmpty() ? "" : "/" + request.subresource();
      counts.merge(request.verb() + " " + request.resource() + subresource, 1, Integer::sum);
    }
    return counts;
  }

  /** Forgets everything; numbers start at 1 again. */
  public synchronized void clear() {
    requests.clear();
    lastNumber = 0;
  }

  /**
   * Writes a request down under the next number; called by servers and transports only.
   *
   * @param numbered makes the request of its number
   * @return the request
   */
  public synchronized ApiRequest add(IntFunction<ApiRequest> numbered) {
    ApiRequest request = numbered.apply(++lastNumber);
    requests.add(request);
    return request;
  }
}
