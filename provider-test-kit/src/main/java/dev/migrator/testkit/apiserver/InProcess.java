package dev.migrator.testkit.apiserver;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.StandardWebSocketBuilder;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import io.fabric8.kubernetes.client.http.WebSocketUpgradeResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The client's HTTP layer without HTTP: a request is a call on the caller's thread. */
final class InProcess extends StandardHttpClient<InProcess, InProcess.Factory, InProcess.Builder> {

  private final Factory target;

  private InProcess(Builder builder, AtomicBoolean closed) {
    super(builder, closed);
    this.target = builder.getClientFactory();
  }

  static KubernetesClient client(ApiServer server, Caller caller, ClientLife life) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://" + server.side() + ".embedded")
            .withNamespace("default")
            .withRequestRetryBackoffLimit(0)
            .withWatchReconnectInterval(1)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(Json.SERIALIZATION)
        .withHttpClientFactory(new Factory(server, caller, life))
        .withTaskExecutor(InProcess::onThisThread)
        .build();
  }

  /**
   * What a watch tells its listener is told on the thread whose request made the change. The
   * client's executor of such tasks clears the thread's interrupt, which is not its own here.
   */
  private static void onThisThread(Runnable task) {
    boolean interrupted = Thread.interrupted();
    try {
      task.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public CompletableFuture<HttpResponse<AsyncBody>> consumeBytesDirect(
      StandardHttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    return send(request, null)
        .thenApply(result -> new InProcessResponse(request, result.answer(), consumer));
  }

  @Override
  public CompletableFuture<WebSocketResponse> buildWebSocketDirect(
      StandardWebSocketBuilder builder, WebSocket.Listener listener) {
    StandardHttpRequest request = builder.asHttpRequest();
    InProcessWatch watch = new InProcessWatch(listener);
    return send(request, watch)
        .thenApply(
            result -> {
              int code = result.answer().code();
              WebSocketUpgradeResponse response = new WebSocketUpgradeResponse(request, code);
              if (result.watch() == null) {
                return new WebSocketResponse(response, new WebSocketHandshakeException(response));
              }
              target.life().adopt(result.watch());
              watch.open(result.watch());
              return new WebSocketResponse(response, watch);
            });
  }

  private CompletableFuture<Exchange.Result> send(
      StandardHttpRequest request, WatchStream.@Nullable Sink sink) {
    Call call =
        Call.of(
            request.method().toUpperCase(Locale.ROOT),
            request.uri(),
            name -> name.equals("Content-Type") ? contentType(request) : request.headers(name),
            body(request),
            target.caller());
    if (target.life().hasEnded()) {
      throw new SimulatedCrash(call.method(), call.path());
    }
    try {
      return target
          .server()
          .exchange()
          .send(call, sink)
          .whenComplete((result, failure) -> dieOf(failure));
    } catch (SimulatedCrash crash) {
      // Not through the future: the client would wrap it in an exception that is retried.
      dieOf(crash);
      throw crash;
    }
  }

  private void dieOf(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof SimulatedCrash) {
      target.life().end();
    }
  }

  private static List<String> contentType(StandardHttpRequest request) {
    String type = request.getContentType();
    return type == null ? request.headers("Content-Type") : List.of(type);
  }

  private static String body(StandardHttpRequest request) {
    StandardHttpRequest.BodyContent body = request.body();
    if (body instanceof StandardHttpRequest.StringBodyContent text) {
      return text.getContent();
    }
    if (body instanceof StandardHttpRequest.ByteArrayBodyContent bytes) {
      return new String(bytes.getContent(), StandardCharsets.UTF_8);
    }
    if (body instanceof StandardHttpRequest.InputStreamBodyContent stream) {
      try {
        return new String(stream.getContent().readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return "";
  }

  @Override
  protected void doClose() {}

  /** Whom the requests of a client reach, and as whom. */
  record Factory(ApiServer server, Caller caller, ClientLife life) implements HttpClient.Factory {
    @Override
    public Builder newBuilder() {
      return new Builder(this);
    }
  }

  /** Builds clients and clients derived from them. */
  static final class Builder extends StandardHttpClientBuilder<InProcess, Factory, Builder> {
    Builder(Factory factory) {
      super(factory);
    }

    @Override
    public InProcess build() {
      return new InProcess(this, client == null ? new AtomicBoolean() : client.getClosed());
    }

    @Override
    protected Builder newInstance(Factory factory) {
      return new Builder(factory);
    }
  }
}
