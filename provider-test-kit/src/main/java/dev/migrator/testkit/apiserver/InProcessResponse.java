package dev.migrator.testkit.apiserver;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A whole answer, handed over when the client asks for the body. */
final class InProcessResponse extends StandardHttpHeaders
    implements HttpResponse<AsyncBody>, AsyncBody {

  private final HttpRequest request;
  private final Answer answer;
  private final AsyncBody.Consumer<List<ByteBuffer>> consumer;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private boolean handedOver;

  InProcessResponse(
      HttpRequest request, Answer answer, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    super(headers(answer));
    this.request = request;
    this.answer = answer;
    this.consumer = consumer;
  }

  private static Map<String, List<String>> headers(Answer answer) {
    Map<String, List<String>> headers = new HashMap<>();
    headers.put("Content-Type", List.of(answer.json() ? "application/json" : "text/plain"));
    if (answer.retryAfter() != null) {
      headers.put("Retry-After", List.of(Long.toString(answer.retryAfter().toSeconds())));
    }
    return headers;
  }

  @Override
  public int code() {
    return answer.code();
  }

  @Override
  public AsyncBody body() {
    return this;
  }

  @Override
  public HttpRequest request() {
    return request;
  }

  @Override
  public Optional<HttpResponse<?>> previousResponse() {
    return Optional.empty();
  }

  @Override
  public void consume() {
    synchronized (this) {
      if (handedOver) {
        done.complete(null);
        return;
      }
      handedOver = true;
    }
    try {
      consumer.consume(
          List.of(ByteBuffer.wrap(answer.body().getBytes(StandardCharsets.UTF_8))), this);
      done.complete(null);
    } catch (Exception failure) {
      done.completeExceptionally(failure);
    }
  }

  @Override
  public CompletableFuture<Void> done() {
    return done;
  }

  @Override
  public void cancel() {
    done.cancel(false);
  }
}
