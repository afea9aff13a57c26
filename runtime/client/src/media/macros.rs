//! Uploads, downloads, operations, and batches of typed calls.

/// Adds uploads, downloads, operations, and batches to typed calls.
#[doc(hidden)]
#[macro_export]
macro_rules! __call_media {
    () => {
        impl<M: $crate::Upload> Call<M> {
            /// Uploads content: bytes, a file, or a stream. Nothing is sent until the upload is
            /// awaited.
            ///
            /// A body given to the method is the content's metadata.
            pub fn upload(
                self,
                source: impl ::std::convert::Into<$crate::media::Source>,
            ) -> $crate::media::Upload<M::Response> {
                $crate::media::Upload::new(self.inner, source)
            }
        }

        impl<M: $crate::Download> Call<M> {
            /// Downloads the content instead of its metadata: as a stream, to a file, or into
            /// memory.
            pub fn download(self) -> $crate::media::Download {
                $crate::media::Download::new(self.inner)
            }
        }

        impl<M: $crate::LongRunning> Call<M> {
            /// Sends the call, waits for the operation that it starts, and returns the result.
            /// Nothing is sent until it is awaited.
            pub fn until_done(self) -> $crate::lro::UntilDone<M> {
                $crate::lro::UntilDone::new(self.inner)
            }
        }

        impl<M: $crate::Method> $crate::batch::Part for Call<M> {
            type Response = M::Response;

            fn into_call(self) -> $crate::Call {
                self.inner
            }
        }
    };
}
