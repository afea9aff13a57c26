//! Traits of generated methods.

use crate::call::Call;
use crate::json::Decode;
use crate::reply::Reply;
use crate::spec::MethodSpec;

/// A call of one method, with its arguments: what the functions of generated resources return.
///
/// The type builds the call: its setters add optional parameters, `send` makes the call, and
/// [`CallOptions`](crate::CallOptions) holds what every call has. It also names the method in generic
/// code: [`Pages`](crate::Pages), [batches](crate::batch) and [operations](crate::lro) take any
/// `M: Method`. [`Call`] is the same call without its types; it converts from and to it.
pub trait Method: Sized + Send + From<Call> + Into<Call> + 'static {
    /// Specification of the method.
    const SPEC: &'static MethodSpec;
    /// Response type: a model, `()` for a method without a response, or
    /// [`HttpBody`](crate::HttpBody) for raw bytes.
    type Response: Reply;
}

/// Implements conversions from and to [`Call`](crate::Call), which is the only field of every call
/// type, and sending by `.await`.
#[macro_export]
macro_rules! typed_call {
    ($call:ident) => {
        impl ::std::convert::From<$crate::Call> for $call {
            #[inline]
            fn from(call: $crate::Call) -> Self {
                Self { call }
            }
        }

        impl ::std::convert::From<$call> for $crate::Call {
            #[inline]
            fn from(typed: $call) -> Self {
                typed.call
            }
        }

        impl ::std::future::IntoFuture for $call {
            type Output = $crate::Result<<$call as $crate::Method>::Response>;
            type IntoFuture = $crate::BoxFuture<'static, Self::Output>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(self.call.send())
            }
        }
    };
}

/// A list method with pages.
pub trait Paged: Method {
    /// Type of an item.
    type Item: Send + 'static;

    /// Returns the token of the page after `response`; empty counts as none.
    fn next(response: &Self::Response) -> Option<&str>;

    /// Returns the items of `response`.
    fn items(response: Self::Response) -> Vec<Self::Item>;
}

/// A method that answers with a stream of messages ([`MethodSpec::streams`] is set). Unless the
/// messages are raw bytes, its [response](Method::Response) is the vector of all of them.
pub trait Streaming: Method {
    /// Type of a message.
    type Item: Decode + Send + 'static;
}

/// A method that accepts media ([`MethodSpec::upload`] is set).
pub trait Upload: Method {}

/// A method that returns media (`alt=media`).
pub trait Download: Method {}
