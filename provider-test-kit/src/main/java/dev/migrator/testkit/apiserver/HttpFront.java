package dev.migrator.testkit.apiserver;

import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The server's port: every request that comes through it is an administrator's and counted. */
final class HttpFront extends Dispatcher {

  private static final int NORMAL = 1000;

  private final MockWebServer web = new MockWebServer();
  private final Exchange exchange;

  HttpFront(Exchange exchange) {
    this.exchange = exchange;
    web.setDispatcher(this);
    web.start(InetAddress.getLoopbackAddress(), 0);
  }

  String kubeconfig() {
    return """
        apiVersion: v1
        kind: Config
        current-context: embedded
        clusters:
        - name: embedded
          cluster:
            server: http://%s:%d
        users:
        - name: admin
          user: {}
        contexts:
        - name: embedded
          context:
            cluster: embedded
            user: admin
            namespace: default
        """
        .formatted(InetAddress.getLoopbackAddress().getHostAddress(), web.getPort());
  }

  void close() {
    try {
      web.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    Call call =
        Call.of(
            request.getMethod(),
            URI.create(request.getPath()),
            name -> request.getHeaders().headers(name),
            request.getBody() == null ? "" : request.getUtf8Body(),
            Caller.admin(true));
    boolean socket = "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
    SocketWatch watch = socket ? new SocketWatch() : null;
    Exchange.Result result;
    try {
      result = exchange.send(call, watch).join();
    } catch (CompletionException | SimulatedCrash broken) {
      // The mock cannot break a connection, and the caller's process is not ours to end.
      return new MockResponse().setResponseCode(503).setBody(String.valueOf(broken));
    }
    if (watch != null && result.watch() != null) {
      watch.stream = result.watch();
      return new MockResponse().withWebSocketUpgrade(watch);
    }
    Answer answer = result.answer();
    MockResponse response =
        new MockResponse()
            .setResponseCode(answer.code())
            .setHeader("Content-Type", answer.json() ? "application/json" : "text/plain")
            .setBody(answer.body());
    return answer.retryAfter() == null
        ? response
        : response.setHeader("Retry-After", answer.retryAfter().toSeconds());
  }

  /** One watch through a real web socket; what comes before it is open waits in the queue. */
  private static final class SocketWatch extends WebSocketListener implements WatchStream.Sink {
    private @Nullable WatchStream stream;
    private @Nullable WebSocket socket;

    @Override
    public void onOpen(WebSocket opened, Response response) {
      socket = opened;
      if (stream != null) {
        stream.request(Long.MAX_VALUE / 2);
      }
    }

    @Override
    public void frame(String frame) {
      if (socket != null && !socket.send(frame) && stream != null) {
        stream.cut();
      }
    }

    @Override
    public void end() {
      if (socket != null) {
        socket.close(NORMAL, "The server ends the watch");
      }
    }

    @Override
    public void onClosing(WebSocket closing, int code, String reason) {
      if (stream != null) {
        stream.cut();
      }
      closing.close(code, reason);
    }

    @Override
    public void onClosed(WebSocket gone, int code, String reason) {
      if (stream != null) {
        stream.cut();
      }
    }

    @Override
    public void onFailure(WebSocket broken, Throwable cause, Response response) {
      if (stream != null) {
        stream.cut();
      }
    }
  }
}
