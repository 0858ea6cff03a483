package dev.migrator.testkit.apiserver;

import dev.migrator.model.Side;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One in-process Kubernetes API server: what a real one does with objects, without a real one's
 * start-up time. Clients reach it without sockets; {@link #kubeconfig()} opens a port.
 *
 * <p><b>What it answers like a real one</b> (one conformance suite runs against both): creation
 * with generated names, optimistic locks, status apart from the rest where the kind says so, merge
 * and JSON patches, dry runs, delete preconditions, propagation and finalizers, label and field
 * selectors, paging, watches from a version, informers, writers that race, namespaces, owner
 * references, access reviews, evictions, and the reason of each refusal. What a real one does not
 * show in the time of a test is tested on this one alone: versions that are forgotten (410),
 * bookmarks, watches that end.
 *
 * <p><b>What it cannot do:</b> server-side apply and managed fields (415); schemas, so nothing is
 * pruned, defaulted or refused for its fields, {@code fieldValidation=Strict} included; validation
 * of Kubernetes' own kinds beyond names, labels, owner references and a few immutable fields;
 * conversion between versions beyond the name of the version; lists at an older version; watch
 * timeouts; watches over its port by anything but WebSockets; quotas (the simulator's admission
 * plays them), limit ranges and priorities; service accounts and tokens; strategic merge patches
 * beyond keyed lists; log, exec, proxy and scale.
 *
 * <p>Safe for use by several threads. Every write is one change of the storage, made under one
 * lock, and one event for each watch that it concerns. In-process watches are delivered on the
 * thread that wrote, after the lock is released and before the write returns: in a test with one
 * thread everybody has seen a write when it comes back.
 */
public final class ApiServer implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(ApiServer.class);

  private final Core core;
  private final Collector collector;
  private final Reads reads;
  private final Watching watching;
  private final Creation creation;
  private final Update update;
  private final AccessReviews access;
  private final Discovery discovery;
  private final Subresources subresources = new Subresources();
  private final RequestLog requests = new RequestLog();
  private final Exchange exchange = new Exchange(this);
  private final Delays delays;
  private volatile FaultHook faults = FaultHook.NONE;
  private @Nullable HttpFront front;

  /**
   * Starts an empty server.
   *
   * @param side which cluster it plays
   * @param clock where timestamps come from
   * @param delays how slow requests are slow
   */
  public ApiServer(Side side, Clock clock, Delays delays) {
    this.core = new Core(side, clock);
    this.access = new AccessReviews(core.types);
    this.delays = delays;
    this.collector = new Collector(core);
    this.reads = new Reads(core);
    this.watching = new Watching(core);
    this.creation = new Creation(core, collector);
    this.update = new Update(core, collector);
    this.discovery = new Discovery(core.types);
    new PodSubresources(core, collector.removal()).registerIn(subresources);
    reset();
  }

  /**
   * Registers custom kinds, one a line: group, versions with the stored one first and commas
   * between, plural, kind, {@code Namespaced} or {@code Cluster}, and {@code status} where it has
   * that subresource.
   */
  public void register(String table) {
    core.types.register(table, true);
  }

  /** Returns a new client of an administrator; see {@link ClientLife}. */
  public KubernetesClient newClient(boolean counted, ClientLife life) {
    return InProcess.client(this, Caller.admin(counted), life);
  }

  /** Returns a new client that acts as somebody else. */
  public KubernetesClient newClientAs(ClientLife life, String user, List<String> groups) {
    return InProcess.client(this, Caller.admin(true).impersonating(user, groups), life);
  }

  /** Returns a kubeconfig for other processes; the first call opens a port on loopback. */
  public synchronized String kubeconfig() {
    if (front == null) {
      front = new HttpFront(exchange);
    }
    return front.kubeconfig();
  }

  /** Returns what counted clients asked. */
  public RequestLog requests() {
    return requests;
  }

  /** Adds an admission for a kind, after those that are there. */
  public void admit(String kind, Admission admission) {
    locked(() -> core.admissions.computeIfAbsent(kind, key -> new ArrayList<>()).add(admission));
  }

  /** Sets who answers a subresource. */
  public void subresource(
      String group, String plural, String subresource, SubresourceHandler handler) {
    subresources.register(group, plural, subresource, handler);
  }

  /** Sets what goes wrong with counted requests. */
  public void faults(FaultHook hook) {
    faults = hook;
  }

  /** Sets who may do what. */
  public void access(AccessRule rule) {
    access.rule = rule;
  }

  /** Sets whether dependents and terminating namespaces are collected after each write. */
  public void collectsGarbage(boolean enabled) {
    locked(() -> collector.enabled = enabled);
  }

  /** Collects what is to be collected now, whether or not that happens by itself. */
  public void collectGarbage() {
    locked(collector::run);
  }

  /** Ends the watches of counted clients, as a restarting API server does; clients come again. */
  public void dropWatches() {
    locked(() -> core.streams().stream().filter(each -> each.counted).forEach(this::end));
  }

  /** Tells the watches that asked for it how far they are. */
  public void sendBookmarks() {
    locked(
        () -> {
          for (WatchStream stream : core.streams()) {
            if (stream.bookmarks) {
              stream.offer(watching.bookmark(stream, Map.of()));
              core.delivering(stream);
            }
          }
        });
  }

  /** Forgets past changes: watches from a version before now get 410. */
  public void compact() {
    locked(core.storage::forgetHistory);
  }

  /** Returns how many watches are open. */
  public int openWatches() {
    core.lock.lock();
    try {
      return core.streams().size();
    } finally {
      core.lock.unlock();
    }
  }

  /**
   * Returns to the empty server: objects, history, requests, faults, access rule, admissions; open
   * watches fall silent. Registered kinds and subresources stay.
   */
  public void reset() {
    locked(
        () -> {
          core.streams().forEach(WatchStream::cut);
          core.storage.clear();
          core.admissions.clear();
          core.restartIds();
          collector.clear();
          collector.enabled = true;
          createSystemNamespaces();
        });
    faults = FaultHook.NONE;
    access.rule = AccessRule.ALLOW_ALL;
    requests.clear();
  }

  @Override
  public synchronized void close() {
    locked(() -> core.streams().forEach(WatchStream::cut));
    if (front != null) {
      front.close();
      front = null;
    }
  }

  private void createSystemNamespaces() {
    for (String name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
      ResourceType namespaces = Bodies.require(core.types.find("", "v1", "namespaces"));
      ApiRequest request =
          new ApiRequest(
              core.side,
              0,
              Verb.CREATE,
              "",
              "v1",
              "namespaces",
              "Namespace",
              "",
              name,
              "",
              false,
              "system",
              "");
      Call call =
          new Call(
              "POST",
              List.of(),
              Map.of(),
              "application/json",
              "",
              "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\""
                  + name
                  + "\"}}",
              Caller.controller("namespaces"));
      creation.create(request, namespaces, call);
    }
  }

  private void end(WatchStream stream) {
    stream.end();
    core.delivering(stream);
  }

  private void locked(Runnable action) {
    core.lock.lock();
    try {
      action.run();
    } finally {
      core.lock.unlock();
    }
    core.deliver();
  }

  String side() {
    return core.side.name().toLowerCase(Locale.ROOT);
  }

  Exchange exchange() {
    return exchange;
  }

  FaultHook faultHook() {
    return faults;
  }

  Delays delays() {
    return delays;
  }

  /** Finds out where a call goes, and writes it down when it is counted. */
  Route route(Call call) {
    if (!call.caller().counted()) {
      return Route.of(call, core.side, 0, core.types);
    }
    Route[] route = new Route[1];
    requests.add(
        number -> {
          route[0] = Route.of(call, core.side, number, core.types);
          return route[0].request();
        });
    return route[0];
  }

  /** Answers a call; never throws. */
  Exchange.Result handle(Route route, Call call, WatchStream.@Nullable Sink sink) {
    try {
      access.enforce(route.request(), call);
      return dispatch(route, call, sink);
    } catch (ApiException refused) {
      return new Exchange.Result(Answer.of(refused), null);
    } catch (AdmissionDenied denied) {
      return new Exchange.Result(
          Answer.of(
              new ApiException(
                  denied.code(), denied.reason(), String.valueOf(denied.getMessage()))),
          null);
    } catch (RuntimeException bug) {
      LOGGER.atError().setCause(bug).addKeyValue("request", route.request()).log("Answering 500");
      return new Exchange.Result(
          Answer.of(new ApiException(500, "InternalError", String.valueOf(bug))), null);
    } finally {
      core.deliver();
    }
  }

  private Exchange.Result dispatch(Route route, Call call, WatchStream.@Nullable Sink sink) {
    ApiRequest request = route.request();
    if (request.version().isEmpty()) {
      return new Exchange.Result(discovery.answer(request.resource()), null);
    }
    if (AccessReviews.isReview(request)) {
      return new Exchange.Result(access.review(request, call), null);
    }
    SubresourceHandler handler = subresources.find(request);
    if (handler != null) {
      return new Exchange.Result(Subresources.answer(handler, request, call), null);
    }
    ResourceType type = route.type();
    if (type == null || !serves(type, request)) {
      return new Exchange.Result(Discovery.notFound(), null);
    }
    core.lock.lock();
    try {
      if (request.verb() == Verb.WATCH) {
        return watch(request, type, call, sink);
      }
      Answer answer = answer(request, type, call);
      if (request.verb().writes() && collector.enabled) {
        collector.run();
      }
      return new Exchange.Result(answer, null);
    } finally {
      core.lock.unlock();
    }
  }

  private static boolean serves(ResourceType type, ApiRequest request) {
    boolean scoped =
        type.namespaced()
            ? !request.namespace().isEmpty() || request.name().isEmpty()
            : request.namespace().isEmpty();
    return scoped
        && (request.subresource().isEmpty()
            || (request.subresource().equals("status") && type.status()));
  }

  private Exchange.Result watch(
      ApiRequest request, ResourceType type, Call call, WatchStream.@Nullable Sink sink) {
    if (sink == null) {
      throw ApiException.badRequest("this server sends watch events through web sockets only");
    }
    WatchStream stream = watching.open(request, type, call, sink);
    return new Exchange.Result(Answer.text(101, ""), stream);
  }

  private Answer answer(ApiRequest request, ResourceType type, Call call) {
    String dryRun = call.parameter("dryRun");
    if (!dryRun.isEmpty() && !request.dryRun()) {
      throw ApiException.invalidOptions("dryRun: Unsupported value: \"" + dryRun + "\"");
    }
    return switch (request.verb()) {
      case GET -> reads.get(request, type);
      case LIST -> reads.list(request, type, selection(type, call), call);
      case CREATE -> creation.create(request, type, call);
      case UPDATE -> update.put(request, type, call);
      case PATCH -> update.patch(request, type, call);
      case DELETE -> collector.removal().delete(request, type, call);
      case DELETECOLLECTION ->
          collector.removal().deleteCollection(request, type, selection(type, call), call);
      case WATCH -> throw new IllegalStateException("A watch is not answered here");
    };
  }

  private static Predicate<Map<String, Object>> selection(ResourceType type, Call call) {
    return Selectors.of(type, call.parameter("labelSelector"), call.parameter("fieldSelector"));
  }
}
