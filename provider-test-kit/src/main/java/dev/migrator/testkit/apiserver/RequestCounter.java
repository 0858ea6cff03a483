package dev.migrator.testkit.apiserver;

import dev.migrator.model.Side;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;

/**
 * Writes down what a client sends to a server that is not in this process, so that a test counts
 * requests in the same way at every level. Put into the client as an interceptor; called by it on
 * any thread, once for each attempt.
 */
public final class RequestCounter implements Interceptor {

  private final Side side;
  private final RequestLog log;
  private final ResourceTypes types = new ResourceTypes();

  /**
   * Creates a counter.
   *
   * @param side the cluster that the client talks to
   * @param log where to write
   * @param kinds custom kinds, in the form of {@link ApiServer#register}
   */
  public RequestCounter(Side side, RequestLog log, String kinds) {
    this.side = side;
    this.log = log;
    types.register(kinds, true);
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    Call call = Call.of(request.method(), request.uri(), request::headers, "", Caller.admin(true));
    log.add(number -> Route.of(call, side, number, types).request());
  }
}
